/**
 * Volumes as plain directories, copied by {@code rsync}: the whole of a driver for filesystems without snapshots of
 * their own.
 *
 * <pre>
 * root/.TYPE/snapshots/VOLUME/               mode 0700: nobody but the store's owner reaches the snapshots
 * root/.TYPE/driver/staging/                 trees and lists under construction
 * root/.TYPE/driver/imports/VOLUME/LABEL/    snapshots that come from outside, until they are committed
 * root/.TYPE/driver/intents/                 one file for each head that is about to be put in place
 * root/.TYPE/driver/volumes/VOLUME/          marks a directory of the root as a volume; inside, one file LABEL for
 *                                            each snapshot that later ones may share files with
 * root/.TYPE/driver/trash/                   trees on their way out
 * </pre>
 */
@NullMarked
package io.varve.directories;

import org.jspecify.annotations.NullMarked;
