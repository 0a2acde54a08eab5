package io.varve.volume;

import io.varve.catalog.Hold;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.io.IOException;
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
            Optional<Journal.Entry> entry = takeRecord(snapshot);
            removeData(label, entry);
            volume.index().remove(label);
            volume.store.catalog().forgetMetadata(volume.name, label);
            if (entry.isPresent()) {
                volume.store.journal().drop(entry.get());
            }
        } catch (IOException failure) {
            throw volume.failed("cannot remove snapshot '" + label + "'", failure);
        }
    }

    private Optional<Journal.Entry> takeRecord(Snapshot snapshot) throws IOException {
        if (volume.index().find(snapshot.label()).isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(volume.store.journal().take(Step.DELETE_SNAPSHOT, place(snapshot.label())));
    }

    private void removeData(SnapshotLabel label, Optional<Journal.Entry> entry) throws IOException {
        try {
            volume.store.driver().deleteSnapshot(volume.name, label);
        } catch (RuntimeException failure) {
            if (entry.isPresent() && volume.onDisk().contains(label)) {
                volume.store.journal().promote(entry.get(), place(label));
            }
            throw failure;
        }
    }

    private Path place(SnapshotLabel label) {
        return volume.store.catalog().placeFor(volume.name, label);
    }
}
