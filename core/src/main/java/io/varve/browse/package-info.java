/**
 * Looking into trees: the entries of a directory, the bytes of a file, and what differs between two trees. Pure over
 * directories; reads and never writes.
 *
 * <p>Names are {@link io.varve.linux.RawName raw}. No symlink is followed and no mount point is crossed.
 */
@NullMarked
package io.varve.browse;

import org.jspecify.annotations.NullMarked;
