/**
 * Volumes as plain directories on any local filesystem, copied by {@code rsync}.
 *
 * <pre>
 * root/.rsync/snapshots/VOLUME/               mode 0700: nobody but the store's owner reaches the snapshots
 * root/.rsync/driver/staging/                 trees and lists under construction
 * root/.rsync/driver/imports/VOLUME/LABEL/    snapshots that come from outside, until they are committed
 * root/.rsync/driver/intents/                 one file for each head that is about to be put in place
 * root/.rsync/driver/volumes/VOLUME/          marks a directory of the root as a volume; inside, one file LABEL for
 *                                             each snapshot that later ones may share files with
 * root/.rsync/driver/trash/                   trees on their way out
 * </pre>
 */
@NullMarked
package io.varve.driver.rsync;

import org.jspecify.annotations.NullMarked;
