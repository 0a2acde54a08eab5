package io.varve.volume;

import io.varve.catalog.RecordFormat;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;

/**
 * Removes a volume: its record moves to the journal, then the head goes (the step that may be refused, and then nothing
 * has been lost), then the snapshots, then all records.
 */
final class VolumeRemover {
    private final VolumeParts volume;
    private final SnapshotRemover snapshots;

    VolumeRemover(VolumeParts volume, SnapshotRemover snapshots) {
        this.volume = volume;
        this.snapshots = snapshots;
    }

    void remove(Operation operation) {
        List<Snapshot> all = closeToOthers();
        try {
            Path place = volume.store.catalog().placeFor(volume.name);
            Journal.Entry entry = takeRecord(place);
            removeHead(entry, place);
            removeSnapshots(all, operation);
            volume.store.catalog().forget(volume.name);
            volume.store.journal().drop(entry);
        } catch (IOException failure) {
            volume.markRemoved(false);
            throw volume.failed("cannot remove the records", failure);
        } catch (RuntimeException failure) {
            volume.markRemoved(false);
            throw failure;
        }
    }

    /** In one moment, so that a hold is there before and protects, or comes after and finds no volume. */
    private List<Snapshot> closeToOthers() {
        synchronized (volume.index()) {
            List<Snapshot> all = volume.snapshots();
            all.forEach(snapshots::requireNotHeld);
            volume.markRemoved(true);
            return all;
        }
    }

    /** An earlier attempt that failed midway has left the record in the journal already. */
    private Journal.Entry takeRecord(Path place) throws IOException {
        if (Files.exists(place)) {
            return volume.store.journal().take(Step.DELETE_VOLUME, place);
        }
        for (Journal.Entry entry : volume.store.journal().pending()) {
            if (entry.step() == Step.DELETE_VOLUME
                    && RecordFormat.readVolume(entry.content()).name().equals(volume.name)) {
                return entry;
            }
        }
        throw new NoSuchFileException(place.toString());
    }

    private void removeHead(Journal.Entry entry, Path place) throws IOException {
        try {
            volume.store.driver().deleteVolume(volume.name);
        } catch (RuntimeException failure) {
            if (volume.store.driver().volumes().contains(volume.name)) {
                volume.store.journal().promote(entry, place);
            }
            throw failure;
        }
    }

    private void removeSnapshots(List<Snapshot> all, Operation operation) {
        long done = 0;
        for (Snapshot snapshot : all) {
            try {
                volume.store.driver().deleteSnapshot(volume.name, snapshot.label());
            } catch (StorageException failure) {
                throw new StorageException(
                        ErrorCode.VOLUME_REMOVAL_FAILED,
                        "volume '" + volume.name + "' is gone, but its snapshot '" + snapshot.label()
                                + "' could not be removed: " + failure.getMessage()
                                + ". It is removed when the store is opened again",
                        failure);
            }
            operation.progress(++done, all.size(), "snapshots");
        }
    }
}
