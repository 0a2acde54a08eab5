package io.varve.spi;

/** The ability to tell what removing one snapshot would give back. {@link Capability#EXCLUSIVE_SIZE}. */
public interface ExclusiveSize {
    /** Bytes held by this snapshot alone; may read the snapshot's extents, so it may take seconds. */
    long exclusiveBytes(VolumeName volume, SnapshotLabel label, Work work);
}
