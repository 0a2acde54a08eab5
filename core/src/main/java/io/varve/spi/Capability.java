package io.varve.spi;

/** What a driver can do beyond the promises every driver keeps. What it lacks is refused with NOT_SUPPORTED. */
public enum Capability {
    /** A snapshot or rollback costs the same whatever the volume holds. */
    INSTANT_SNAPSHOT,
    /**
     * {@link Driver#createSnapshot} commits the filesystem that holds the store: names and everything else in its
     * metadata that was changed before are durable when it returns, at one instant with the snapshot, so the caller syncs
     * file contents alone, and not those that are in the metadata too.
     */
    COMMITS_FILESYSTEM,
    /** {@link Driver#resize} works. */
    RESIZE,
    /** The driver is a {@link SnapshotBuilder}. */
    IMPORT,
    /** The driver is a {@link NativeStream}. */
    NATIVE_STREAM,
    /** The driver is an {@link ExclusiveSize}. */
    EXCLUSIVE_SIZE,
    /** The driver is a {@link ChangeDetection}. */
    CHANGE_DETECTION
}
