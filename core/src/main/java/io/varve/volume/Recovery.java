package io.varve.volume;

import io.varve.catalog.RecordFormat;
import io.varve.catalog.RecordFormatException;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.VolumeRecord;
import io.varve.journal.Journal;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.Files;

/**
 * Finishes or undoes what an earlier process left in the journal when it died. The driver has settled the disk before
 * (see {@link io.varve.spi.DriverProvider#open}); here the records follow it. Doing it twice does no harm.
 */
final class Recovery {
    private final StoreParts store;

    Recovery(StoreParts store) {
        this.store = store;
    }

    void run() throws IOException {
        for (Journal.Entry entry : store.journal().pending()) {
            settle(entry);
        }
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

    private void createVolume(Journal.Entry entry, VolumeRecord record) throws IOException {
        if (store.driver().volumes().contains(record.name())) {
            store.journal().promote(entry, store.catalog().placeFor(record.name()));
        } else {
            store.journal().drop(entry);
        }
    }

    private void deleteVolume(Journal.Entry entry, VolumeRecord record) throws IOException {
        VolumeName volume = record.name();
        store.driver().deleteVolume(volume);
        for (SnapshotLabel label : store.driver().snapshots(volume)) {
            store.driver().deleteSnapshot(volume, label);
        }
        store.catalog().forget(volume);
        store.journal().drop(entry);
    }

    private void createSnapshot(Journal.Entry entry, SnapshotRecord record) throws IOException {
        boolean made = store.driver().snapshots(record.volume()).contains(record.label());
        boolean owned = store.catalog().volume(record.volume()).isPresent();
        if (made && owned) {
            store.journal().promote(entry, store.catalog().placeFor(record.volume(), record.label()));
        } else {
            forgetSnapshot(entry, record);
        }
    }

    private void deleteSnapshot(Journal.Entry entry, SnapshotRecord record) throws IOException {
        store.driver().deleteSnapshot(record.volume(), record.label());
        forgetSnapshot(entry, record);
    }

    private void forgetSnapshot(Journal.Entry entry, SnapshotRecord record) throws IOException {
        Files.deleteIfExists(store.catalog().placeFor(record.volume(), record.label()));
        store.catalog().forgetMetadata(record.volume(), record.label());
        store.journal().drop(entry);
    }
}
