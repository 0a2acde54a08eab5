/**
 * Volumes as btrfs subvolumes and snapshots as read-only subvolumes, by the kernel's own ioctls.
 *
 * <p>No output of a tool is read, and quotas are never switched on.
 */
@NullMarked
package io.varve.driver.btrfs;

import org.jspecify.annotations.NullMarked;
