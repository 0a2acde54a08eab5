/** Volumes of another host over NFS. */
@NullMarked
package io.varve.driver.nfs;

import org.jspecify.annotations.NullMarked;
