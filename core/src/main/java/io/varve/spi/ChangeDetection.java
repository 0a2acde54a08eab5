package io.varve.spi;

/** The ability to tell cheaply that nothing changed since a snapshot. {@link Capability#CHANGE_DETECTION}. */
public interface ChangeDetection {
    /**
     * Whether the head certainly is what the snapshot holds: the same names, contents, owners, modes, attributes and
     * times of modification. Never true where any of them differs, not for what was written a moment ago and is in
     * memory alone either, nor after a crash. False says nothing; the caller then compares the trees.
     *
     * <p>Costs the same whatever the volume holds; may write to disk first what is in memory. Changes nothing; any
     * thread.
     *
     * @throws StorageException {@code VOLUME_NOT_FOUND}, {@code SNAPSHOT_NOT_FOUND}
     */
    boolean isUnchanged(VolumeName volume, SnapshotLabel since);
}
