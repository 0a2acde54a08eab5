/** Volumes on what another host shares over NFS, as plain directories there. */
@NullMarked
package io.varve.driver.nfs;

import org.jspecify.annotations.NullMarked;
