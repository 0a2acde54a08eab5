package io.varve.volume;

import io.varve.catalog.SnapshotRecord;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/**
 * Changes the records of one volume's snapshots, on the disk and in the index. A record whose writing failed may be in
 * place all the same, and then its tags must not be given away again: the index follows what the disk has, and where that
 * cannot be read now, nothing is decided by the index before it can. For who holds the monitor of the index.
 */
final class SnapshotRecords {
    private final Supplier<SnapshotIndex> index;
    private final Disk disk;
    private final Set<SnapshotLabel> doubtful = new HashSet<>();

    SnapshotRecords(Supplier<SnapshotIndex> index, Disk disk) {
        this.index = index;
        this.disk = disk;
    }

    /** Where the records are kept. */
    interface Disk {
        void put(SnapshotRecord record) throws IOException;

        /** @throws StorageException where the root is not there, so that an absent record says nothing */
        Optional<SnapshotRecord> read(SnapshotLabel label) throws IOException;
    }

    void put(SnapshotRecord changed) throws IOException {
        try {
            disk.put(changed);
        } catch (IOException failure) {
            doubt(changed.label(), failure);
            throw failure;
        }
        index.get().put(changed);
    }

    /** The disk may have another record of this snapshot than the index. */
    void doubt(SnapshotLabel label, Exception why) {
        doubtful.add(label);
        try {
            settle();
        } catch (IOException | StorageException later) {
            why.addSuppressed(later);
        }
    }

    /** Call before something is decided by what the index says of tags. */
    void settle() throws IOException {
        for (SnapshotLabel label : List.copyOf(doubtful)) {
            disk.read(label).ifPresent(index.get()::put);
            doubtful.remove(label);
        }
    }
}
