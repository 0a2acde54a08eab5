/** Volumes as plain directories on any local filesystem, copied by {@code rsync}. */
@NullMarked
package io.varve.driver.rsync;

import org.jspecify.annotations.NullMarked;
