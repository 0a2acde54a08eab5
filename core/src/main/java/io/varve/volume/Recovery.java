package io.varve.volume;

import io.varve.catalog.RecordFormat;
import io.varve.catalog.RecordFormatException;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.catalog.VolumeRecord;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.linux.DurableFiles;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;

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
        List<Journal.Entry> pending = store.journal().pending();
        for (Journal.Entry entry : pending) {
            if (entry.step() != Step.IMPORT_VOLUME) {
                settle(entry);
            }
        }
        // Whether an import's volume is needed shows when all else is settled.
        for (Journal.Entry entry : pending) {
            if (entry.step() == Step.IMPORT_VOLUME) {
                settle(entry);
            }
        }
        return halfRemoved;
    }

    private void settle(Journal.Entry entry) throws IOException {
        try {
            switch (entry.step()) {
                case CREATE_VOLUME -> createVolume(entry, RecordFormat.readVolume(entry.content()));
                case IMPORT_VOLUME -> importVolume(entry, RecordFormat.readVolume(entry.content()));
                case RESIZE_VOLUME -> resizeVolume(entry, RecordFormat.readVolume(entry.content()));
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

    /** A volume that was made for an import which then died goes, where nobody else uses it. */
    private void importVolume(Journal.Entry entry, VolumeRecord record) throws IOException {
        VolumeName volume = record.name();
        boolean same = store.catalog().volume(volume).filter(record::equals).isPresent();
        if (same && isUnused(volume)) {
            try {
                attempt("volume.remove", Subject.of(store.name(), volume), () -> store.driver()
                        .deleteVolume(volume));
                store.catalog().forget(volume);
            } catch (StorageException reported) {
                // It stays, a volume like any other.
                store.journal().drop(entry);
                return;
            }
        }
        store.journal().drop(entry);
    }

    private boolean isUnused(VolumeName volume) {
        if (!store.driver().snapshots(volume).isEmpty()) {
            return false;
        }
        return !store.driver().volumes().contains(volume)
                || EmptyHead.isEmpty(store.driver().expose(volume, Optional.empty()));
    }

    /** Growing is asked for again: what has the size already refuses to shrink, and then the record alone was missing. */
    private void resizeVolume(Journal.Entry entry, VolumeRecord record) throws IOException {
        Optional<VolumeRecord> known = store.catalog().volume(record.name());
        boolean outdated = known.isEmpty()
                || !known.get().created().equals(record.created())
                || known.get().size().orElse(0) >= record.size().orElse(0);
        if (outdated || !store.driver().volumes().contains(record.name()) || !hasGrown(record)) {
            store.journal().drop(entry);
        } else {
            store.journal().promote(entry, store.catalog().placeFor(record.name()));
        }
    }

    private boolean hasGrown(VolumeRecord record) {
        try {
            attempt("volume.resize", Subject.of(store.name(), record.name()), () -> {
                growUnlessGrown(record);
            });
            return true;
        } catch (StorageException reported) {
            return false;
        }
    }

    private void growUnlessGrown(VolumeRecord record) {
        try {
            store.driver().resize(record.name(), record.size().orElseThrow());
        } catch (StorageException refusal) {
            if (refusal.code() != ErrorCode.NO_SHRINK) {
                throw refusal;
            }
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
            store.journal().giveBack(entry, store.catalog().placeFor(record.name()));
        } else {
            halfRemoved.add(record);
        }
    }

    private void createSnapshot(Journal.Entry entry, SnapshotRecord record) throws IOException {
        boolean made = store.driver().snapshots(record.volume()).contains(record.label());
        boolean owned = store.catalog().volume(record.volume()).isPresent();
        if (!made || !owned) {
            forgetSnapshot(entry, record);
            return;
        }
        Map<SnapshotLabel, SnapshotRecord> known = store.catalog().snapshots(record.volume());
        if (known.containsKey(record.label())) {
            store.journal().drop(entry);
        } else {
            withoutTagsOf(known.values(), entry, record);
            store.journal().promote(entry, store.catalog().placeFor(record.volume(), record.label()));
        }
    }

    /** Its making was never acknowledged: whoever got one of its tags since keeps it. */
    private static void withoutTagsOf(Collection<SnapshotRecord> others, Journal.Entry entry, SnapshotRecord record)
            throws IOException {
        SnapshotRecord own = record;
        for (SnapshotRecord other : others) {
            for (Tag tag : other.tags()) {
                own = own.withoutTag(tag);
            }
        }
        if (!own.equals(record)) {
            DurableFiles.replace(entry.file(), RecordFormat.write(own));
        }
    }

    private void deleteSnapshot(Journal.Entry entry, SnapshotRecord record) throws IOException {
        try {
            Subject subject = Subject.of(store.name(), record.volume()).with(record.label());
            attempt("snapshot.remove", subject, () -> store.driver().deleteSnapshot(record.volume(), record.label()));
        } catch (StorageException reported) {
            if (store.driver().snapshots(record.volume()).contains(record.label())) {
                store.journal().giveBack(entry, store.catalog().placeFor(record.volume(), record.label()));
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
