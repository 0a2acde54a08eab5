package io.varve.volume;

import io.varve.catalog.SnapshotRecord;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Removes snapshots. The record moves from the catalog to the journal (which takes no space), then the driver removes
 * the data, then the entry goes; after a crash in between the next open carries on.
 */
final class SnapshotRemover {
    private final VolumeParts volume;
    private final Obstacles obstacles;

    SnapshotRemover(VolumeParts volume, Obstacles obstacles) {
        this.volume = volume;
        this.obstacles = obstacles;
    }

    /**
     * @param check throws where the snapshot is not to go after all; asked in the moment in which it is taken away, so
     *     that what it saw holds
     * @throws StorageException {@code HELD}, {@code BUSY}
     */
    Snapshot remove(SnapshotLabel label, Runnable check) {
        volume.find(label).ifPresent(found -> obstacles.requireTreesFree(false, List.of(found)));
        try {
            Taken taken = take(label, check);
            removeData(label, taken);
            finish(label, taken);
            return taken.snapshot;
        } catch (IOException failure) {
            throw volume.failed("cannot remove snapshot '" + label + "'", failure);
        }
    }

    /** What was known of the snapshot, and its record's place in the journal. */
    private record Taken(Snapshot snapshot, Optional<SnapshotRecord> known, Optional<Journal.Entry> entry) {}

    /** In one moment, so that a hold, tag or reader is there before and protects, or comes after and finds no snapshot. */
    private Taken take(SnapshotLabel label, Runnable check) throws IOException {
        synchronized (volume.index()) {
            check.run();
            Snapshot snapshot = volume.require(label);
            obstacles.requireFree(snapshot);
            Optional<SnapshotRecord> known = volume.index().find(label);
            Optional<Journal.Entry> entry = Optional.empty();
            if (known.isPresent() && Files.exists(place(label))) {
                entry = Optional.of(volume.store.journal().take(Step.DELETE_SNAPSHOT, place(label)));
            }
            volume.index().hide(label);
            return new Taken(snapshot, known, entry);
        }
    }

    private void removeData(SnapshotLabel label, Taken taken) throws IOException {
        try {
            volume.store.driver().deleteSnapshot(volume.name, label);
        } catch (RuntimeException failure) {
            if (volume.onDisk().contains(label)) {
                giveBack(label, taken);
            } else {
                finish(label, taken);
            }
            throw failure;
        }
    }

    private void giveBack(SnapshotLabel label, Taken taken) throws IOException {
        if (taken.entry.isPresent()) {
            volume.store.journal().giveBack(taken.entry.get(), place(label));
        }
        taken.known.ifPresentOrElse(volume.index()::put, () -> volume.index().cancel(label));
    }

    /** The data is gone; so are its metadata, and its record even where that was not readable. */
    private void finish(SnapshotLabel label, Taken taken) throws IOException {
        volume.store.catalog().forgetMetadata(volume.name, label);
        Files.deleteIfExists(place(label));
        if (taken.entry.isPresent()) {
            volume.store.journal().drop(taken.entry.get());
        }
        volume.index().cancel(label);
    }

    private Path place(SnapshotLabel label) {
        return volume.store.catalog().placeFor(volume.name, label);
    }
}
