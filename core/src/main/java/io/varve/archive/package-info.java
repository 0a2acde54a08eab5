/**
 * Portable archives of snapshots: export, import and inspection of tar streams, both ways with constant memory.
 *
 * <p>The format is written down in {@code docs/archive-format.md}. Nothing here knows a driver or HTTP: it takes a
 * directory, streams, and named metadata behind small interfaces. What an archive says is never believed: nothing
 * outside the target tree is touched, whatever the names and links in it.
 */
@NullMarked
package io.varve.archive;

import org.jspecify.annotations.NullMarked;
