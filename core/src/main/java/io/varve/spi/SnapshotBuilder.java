package io.varve.spi;

import java.nio.file.Path;

/** The ability to build a snapshot from data that comes from outside. {@link Capability#IMPORT}. */
public interface SnapshotBuilder {
    /**
     * An empty writable tree that is not a snapshot yet and that no listing shows. A tree left from an earlier
     * unfinished attempt at the same label is thrown away first.
     *
     * @param bytes how much will be written at least; 0 where unknown
     * @throws StorageException {@code SNAPSHOT_EXISTS}, {@code NO_SPACE}
     */
    Path begin(VolumeName volume, SnapshotLabel label, long bytes);

    /** Turns the tree into the read-only snapshot, atomically and durably. */
    void commit(VolumeName volume, SnapshotLabel label);

    /** Throws the tree away. Idempotent. */
    void abandon(VolumeName volume, SnapshotLabel label);
}
