package io.varve.volume;

import io.varve.catalog.Hold;
import io.varve.catalog.SnapshotRecord;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.spi.ErrorCode;
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

    SnapshotRemover(VolumeParts volume) {
        this.volume = volume;
    }

    /** @throws StorageException {@code HELD} names the holds */
    void requireNotHeld(Snapshot snapshot) {
        List<Hold> holds = snapshot.holdsAt(volume.store.now());
        if (!holds.isEmpty()) {
            List<String> owners = holds.stream()
                    .map(hold -> "'" + hold.owner() + "'"
                            + (hold.reason().isBlank() ? "" : " (" + hold.reason() + ")")
                            + hold.expires().map(until -> " until " + until).orElse(""))
                    .toList();
            throw volume.about(
                    snapshot.label(),
                    new StorageException(
                            ErrorCode.HELD,
                            "snapshot '" + snapshot.label() + "' is held by " + String.join(", ", owners)
                                    + "; release the hold first"));
        }
    }

    void remove(Snapshot snapshot) {
        SnapshotLabel label = snapshot.label();
        try {
            Taken taken = take(label);
            removeData(label, taken);
            finish(label, taken);
        } catch (IOException failure) {
            throw volume.failed("cannot remove snapshot '" + label + "'", failure);
        }
    }

    /** What was known of the snapshot, and its record's place in the journal. */
    private record Taken(Optional<SnapshotRecord> known, Optional<Journal.Entry> entry) {}

    /** In one moment, so that a hold or tag is there before and protects, or comes after and finds no snapshot. */
    private Taken take(SnapshotLabel label) throws IOException {
        synchronized (volume.index()) {
            requireNotHeld(volume.require(label));
            Optional<SnapshotRecord> known = volume.index().find(label);
            Optional<Journal.Entry> entry = Optional.empty();
            if (known.isPresent() && Files.exists(place(label))) {
                entry = Optional.of(volume.store.journal().take(Step.DELETE_SNAPSHOT, place(label)));
            }
            volume.index().hide(label);
            return new Taken(known, entry);
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
            volume.store.journal().promote(taken.entry.get(), place(label));
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
