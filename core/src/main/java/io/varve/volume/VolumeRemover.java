package io.varve.volume;

import io.varve.catalog.RecordFormat;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Removes a volume. Whatever is known to stand in the way is asked first; then its record moves to the journal, then the
 * head goes (the step that may still be refused, and then nothing has been lost), then the snapshots, then all records.
 */
final class VolumeRemover {
    private final VolumeParts volume;
    private final Obstacles obstacles;

    VolumeRemover(VolumeParts volume, Obstacles obstacles) {
        this.volume = volume;
        this.obstacles = obstacles;
    }

    /** @param check throws where the volume is not to go after all; what it saw holds until all is done */
    void remove(Operation operation, Runnable check) {
        List<Snapshot> all = closeToOthers(check);
        try {
            obstacles.requireTreesFree(true, all);
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

    /** In one moment, so that a hold or reader is there before and protects, or comes after and finds no volume. */
    private List<Snapshot> closeToOthers(Runnable check) {
        synchronized (volume.index()) {
            check.run();
            List<Snapshot> all = volume.snapshots();
            all.forEach(obstacles::requireFree);
            obstacles.requireNothingUnderWay();
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
                volume.store.journal().giveBack(entry, place);
            }
            throw failure;
        }
    }

    /** One that does not go keeps no other one. */
    private void removeSnapshots(List<Snapshot> all, Operation operation) throws IOException {
        List<StorageException> failures = new ArrayList<>();
        long done = 0;
        for (Snapshot snapshot : all) {
            try {
                volume.store.driver().deleteSnapshot(volume.name, snapshot.label());
                forget(snapshot.label());
            } catch (StorageException failure) {
                failures.add(failure);
            }
            operation.progress(++done, all.size(), "snapshots");
        }
        if (!failures.isEmpty()) {
            throw halfRemoved(failures, all.size());
        }
    }

    /** What is gone is not shown any more, should others be left. */
    private void forget(SnapshotLabel label) throws IOException {
        Files.deleteIfExists(volume.store.catalog().placeFor(volume.name, label));
        volume.store.catalog().forgetMetadata(volume.name, label);
        volume.index().hide(label);
        volume.index().cancel(label);
    }

    private StorageException halfRemoved(List<StorageException> failures, int all) {
        StorageException failure = new StorageException(
                ErrorCode.VOLUME_REMOVAL_FAILED,
                "the head of volume '" + volume.name + "' and " + (all - failures.size()) + " of its " + all
                        + " snapshots are gone, " + failures.size() + " could not be removed: "
                        + failures.getFirst().getMessage()
                        + ". Remove the volume again once the cause is gone; opening the store tries it too. Until then"
                        + " the name stays taken",
                failures.getFirst());
        failures.stream().skip(1).forEach(failure::addSuppressed);
        return failure;
    }
}
