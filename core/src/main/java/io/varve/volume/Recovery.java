package io.varve.volume;

import io.varve.catalog.RecordFormat;
import io.varve.catalog.RecordFormatException;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.VolumeRecord;
import io.varve.journal.Journal;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;

/**
 * Finishes or undoes what an earlier process left in the journal when it died. The driver has settled the disk before
 * (see {@link io.varve.spi.DriverProvider#open}); here the records follow it. Doing it twice does no harm.
 */
final class Recovery {
    private final StoreParts store;
    private final List<VolumeRecord> halfRemoved = new ArrayList<>();

    Recovery(StoreParts store) {
        this.store = store;
    }

    /** @return volumes whose removal could not be finished now; it is still in the journal */
    List<VolumeRecord> run() throws IOException {
        Remains.remove(store.layout());
        for (Journal.Entry entry : store.journal().pending()) {
            settle(entry);
        }
        return halfRemoved;
    }

    private void settle(Journal.Entry entry) throws IOException {
        try {
            switch (entry.step()) {
                case CREATE_VOLUME -> createVolume(entry, RecordFormat.readVolume(entry.content()));
                case DELETE_VOLUME -> deleteVolume(entry, RecordFormat.readVolume(entry.content()));
                case CREATE_SNAPSHOT, IMPORT_SNAPSHOT, REVERT ->
                    createSnapshot(entry, RecordFormat.readSnapshot(entry.content()));
                case DELETE_SNAPSHOT -> deleteSnapshot(entry, RecordFormat.readSnapshot(entry.content()));
            }
        } catch (RecordFormatException unreadable) {
            if (unreadable.newer()) {
                throw unreadable;
            }
            // An entry is whole before the driver starts, so nothing was done for this torn one.
            store.journal().drop(entry);
        }
    }

    /** A record that is in the catalog already is newer: the entry's leaving the journal was lost in a power cut. */
    private void createVolume(Journal.Entry entry, VolumeRecord record) throws IOException {
        boolean recorded = store.catalog().volume(record.name()).isPresent();
        if (!recorded && store.driver().volumes().contains(record.name())) {
            store.journal().promote(entry, store.catalog().placeFor(record.name()));
        } else {
            store.journal().drop(entry);
        }
    }

    /** What cannot be removed now, for example because something is mounted inside, must not keep the store closed. */
    private void deleteVolume(Journal.Entry entry, VolumeRecord record) throws IOException {
        VolumeName volume = record.name();
        try {
            attempt("volume.remove", Subject.of(store.name(), volume), () -> {
                store.driver().deleteVolume(volume);
                store.driver().snapshots(volume).forEach(label -> store.driver().deleteSnapshot(volume, label));
            });
        } catch (StorageException reported) {
            keepVolume(entry, record);
            return;
        }
        store.catalog().forget(volume);
        store.journal().drop(entry);
    }

    private void keepVolume(Journal.Entry entry, VolumeRecord record) throws IOException {
        if (store.driver().volumes().contains(record.name())) {
            store.journal().promote(entry, store.catalog().placeFor(record.name()));
        } else {
            halfRemoved.add(record);
        }
    }

    private void createSnapshot(Journal.Entry entry, SnapshotRecord record) throws IOException {
        boolean made = store.driver().snapshots(record.volume()).contains(record.label());
        boolean owned = store.catalog().volume(record.volume()).isPresent();
        if (!made || !owned) {
            forgetSnapshot(entry, record);
        } else if (store.catalog().snapshots(record.volume()).containsKey(record.label())) {
            store.journal().drop(entry);
        } else {
            store.journal().promote(entry, store.catalog().placeFor(record.volume(), record.label()));
        }
    }

    private void deleteSnapshot(Journal.Entry entry, SnapshotRecord record) throws IOException {
        try {
            Subject subject = Subject.of(store.name(), record.volume()).with(record.label());
            attempt("snapshot.remove", subject, () -> store.driver().deleteSnapshot(record.volume(), record.label()));
        } catch (StorageException reported) {
            if (store.driver().snapshots(record.volume()).contains(record.label())) {
                store.journal().promote(entry, store.catalog().placeFor(record.volume(), record.label()));
                return;
            }
        }
        forgetSnapshot(entry, record);
    }

    /** Carries on with what an earlier process began, as an operation, so that a failure is told to those who watch. */
    private void attempt(String type, Subject subject, Runnable work) {
        store.surroundings().operations().run(type, subject, operation -> {
            work.run();
            return type;
        });
    }

    private void forgetSnapshot(Journal.Entry entry, SnapshotRecord record) throws IOException {
        Files.deleteIfExists(store.catalog().placeFor(record.volume(), record.label()));
        store.catalog().forgetMetadata(record.volume(), record.label());
        store.journal().drop(entry);
    }
}
