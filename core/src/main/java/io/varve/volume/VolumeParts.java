package io.varve.volume;

import io.varve.catalog.MetadataStreams;
import io.varve.catalog.SnapshotRecord;
import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** What everything inside one volume works with: its lock, its snapshots' records, and what the disk has of them. */
final class VolumeParts {
    final StoreParts store;
    final VolumeName name;
    final VolumeLock lock;
    final SnapshotReaders readers = new SnapshotReaders();
    final SnapshotRecords records = new SnapshotRecords(this::index, new RecordFiles());
    private @Nullable SnapshotIndex index;
    private volatile boolean removed;

    VolumeParts(StoreParts store, VolumeName name) {
        this.store = store;
        this.name = name;
        this.lock = new VolumeLock(store.surroundings().patience());
    }

    Subject subject() {
        return Subject.of(store.name(), name);
    }

    /** Runs a piece of work on this volume while nobody else changes its trees. */
    <T> T exclusively(String type, Subject subject, Function<Operation, T> work) {
        return store.run(type, subject, operation -> {
            return lock.during(operation, () -> {
                requireThere();
                return work.apply(operation);
            });
        });
    }

    /** The same for what is a success where the volume is gone already. */
    void exclusivelyIfThere(String type, Consumer<Operation> work) {
        store.run(
                type,
                subject(),
                operation -> lock.during(operation, () -> {
                    store.requirePresent();
                    if (!removed) {
                        work.accept(operation);
                    }
                    return name;
                }));
    }

    /** Runs a quick change of records. */
    <T> T recording(String type, Subject subject, Function<Operation, T> work) {
        return store.run(type, subject, operation -> {
            synchronized (index()) {
                requireThere();
                settleRecords();
                return work.apply(operation);
            }
        });
    }

    /** See {@link SnapshotRecords#settle}. */
    void settleRecords() {
        try {
            records.settle();
        } catch (IOException failure) {
            throw failed("cannot read a record that an earlier failure left in doubt,", failure);
        }
    }

    /** Runs a quick change that concerns a snapshot, unless that is being removed; then it is not found. */
    void whileValid(SnapshotLabel label, MetadataStreams.Placing change) throws IOException {
        synchronized (index()) {
            requireThere();
            requireValid(label);
            change.run();
        }
    }

    /** Does something with a valid snapshot that nobody removes meanwhile, nor the volume with it. */
    <T> T reading(SnapshotLabel label, Supplier<T> work) {
        synchronized (index()) {
            requireThere();
            requireValid(label);
            readers.enter(label);
        }
        try {
            return store.gate().during("a reader of snapshot '" + label + "'", () -> {}, work);
        } finally {
            readers.leave(label);
        }
    }

    /**
     * Whoever waited for a volume that was removed meanwhile must not touch a new one of that name, and nobody may touch
     * what lies where the root was.
     */
    void requireThere() {
        store.requirePresent();
        if (removed) {
            throw new StorageException(ErrorCode.VOLUME_NOT_FOUND, "volume '" + name + "' was removed meanwhile");
        }
    }

    boolean isRemoved() {
        return removed;
    }

    /** From here on, or no more, every change is refused. */
    void markRemoved(boolean gone) {
        removed = gone;
    }

    /** The records, read from the catalog at the first use. */
    synchronized SnapshotIndex index() {
        if (index == null) {
            try {
                index = new SnapshotIndex(present(() -> store.catalog().snapshots(name)));
            } catch (IOException failure) {
                throw KernelException.storage("cannot read the records of volume '" + name + "'", failure);
            }
        }
        return index;
    }

    private interface Reading<T> {
        T read() throws IOException;
    }

    /** What is read of the catalog while its root goes away lacks records that are there. */
    private <T> T present(Reading<T> reading) throws IOException {
        store.requirePresent();
        T found = reading.read();
        store.requirePresent();
        return found;
    }

    private final class RecordFiles implements SnapshotRecords.Disk {
        @Override
        public void put(SnapshotRecord record) throws IOException {
            store.catalog().put(record);
        }

        @Override
        public Optional<SnapshotRecord> read(SnapshotLabel label) throws IOException {
            return present(() -> store.catalog().snapshot(name, label));
        }
    }

    Set<SnapshotLabel> onDisk() {
        store.requirePresent();
        return store.driver().snapshots(name);
    }

    /**
     * Records and disk together, oldest first. What is being made or removed is not among them; both are looked at in one
     * moment, so that nothing that is done meanwhile seems to lack one or the other.
     */
    List<Snapshot> snapshots() {
        store.requireAnswer();
        synchronized (index()) {
            Set<SnapshotLabel> disk = onDisk();
            Set<SnapshotLabel> unknown = new HashSet<>(disk);
            List<Snapshot> all = new ArrayList<>();
            for (SnapshotRecord record : index().records()) {
                all.add(new Snapshot(record, disk.contains(record.label())));
                unknown.remove(record.label());
            }
            for (SnapshotLabel label : unknown) {
                if (!index().taken(label)) {
                    all.add(Snapshot.withoutRecord(name, label));
                }
            }
            all.sort(Snapshot.OLDEST_FIRST);
            return all;
        }
    }

    /**
     * A snapshot and what surrounds it, for who holds the monitor of the {@link #index}.
     *
     * @throws StorageException {@code SNAPSHOT_NOT_FOUND}
     */
    Victim victim(SnapshotLabel label) {
        Set<SnapshotLabel> disk = onDisk();
        Snapshot snapshot = require(label);
        Function<SnapshotRecord, Snapshot> view = record -> new Snapshot(record, disk.contains(record.label()));
        Collection<SnapshotRecord> newer = index().newerThan(snapshot.record());
        return new Victim(
                snapshot,
                () -> newer.stream().map(view).iterator(),
                index().undoPoints().stream().map(view).toList());
    }

    /** How many {@link #snapshots} lists. */
    int count() {
        store.requireAnswer();
        synchronized (index()) {
            long unknown =
                    onDisk().stream().filter(label -> !index().taken(label)).count();
            return index().size() + (int) unknown;
        }
    }

    Optional<Snapshot> find(SnapshotLabel label) {
        store.requireAnswer();
        synchronized (index()) {
            boolean there = onDisk().contains(label);
            Optional<SnapshotRecord> record = index().find(label);
            if (record.isPresent()) {
                return record.map(known -> new Snapshot(known, there));
            }
            boolean orphan = there && !index().taken(label);
            return orphan ? Optional.of(Snapshot.withoutRecord(name, label)) : Optional.empty();
        }
    }

    /** @throws StorageException {@code SNAPSHOT_NOT_FOUND} */
    Snapshot require(SnapshotLabel label) {
        return find(label)
                .orElseThrow(() -> about(
                        label,
                        new StorageException(
                                ErrorCode.SNAPSHOT_NOT_FOUND,
                                "volume '" + name + "' has no snapshot '" + label + "'")));
    }

    /** @throws StorageException {@code SNAPSHOT_NOT_FOUND}, {@code SNAPSHOT_INVALID} */
    Snapshot requireValid(SnapshotLabel label) {
        Snapshot found = require(label);
        if (!found.valid()) {
            throw about(
                    label,
                    new StorageException(
                            ErrorCode.SNAPSHOT_INVALID,
                            "snapshot '" + label + "' of volume '" + name
                                    + "' is invalid: its record or its data is missing; it can only be removed"));
        }
        return found;
    }

    StorageException about(SnapshotLabel label, StorageException failure) {
        return failure.with("store", store.name()).with("volume", name).with("snapshot", label);
    }

    StorageException failed(String action, IOException failure) {
        return KernelException.storage(action + " of volume '" + name + "'", failure);
    }
}
