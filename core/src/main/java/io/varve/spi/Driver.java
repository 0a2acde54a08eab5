package io.varve.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * One storage technology on one store.
 *
 * <p><b>Vocabulary.</b> The <i>head</i> of a volume is its live tree at {@link StoreLayout#volume}. A snapshot is a
 * read-only tree at {@link StoreLayout#snapshot} once exposed.
 *
 * <p><b>Threads.</b> Methods may be called from any thread. The caller never runs two changing calls on one volume at
 * the same time; calls on different volumes run in parallel and must not wait for each other. Lists and status may
 * come at any time.
 *
 * <p><b>Failure.</b> Every method either does all of its work or leaves what was there; a killed process may leave
 * remains in {@link StoreLayout#driverPrivate}, which the next {@link DriverProvider#open} settles. When a changing
 * method returns, its effect survives a power cut.
 *
 * <p><b>Names.</b> They are valid when they arrive. That a volume or snapshot exists or not is checked above; a driver
 * still answers {@code VOLUME_NOT_FOUND}, {@code SNAPSHOT_NOT_FOUND}, {@code VOLUME_EXISTS} or {@code SNAPSHOT_EXISTS}
 * rather than damage anything. Nothing of the driver's ever appears inside a head.
 */
public interface Driver extends AutoCloseable {
    /** What this store can do; constant while it is open. */
    Set<Capability> capabilities();

    /**
     * Makes an empty volume, mode 0755, owned by this process.
     *
     * @throws StorageException {@code VOLUME_EXISTS}, {@code NO_SPACE}; {@code NOT_SUPPORTED} for a size without
     *     {@link Capability#RESIZE}; {@code PATH_IS_STORE} where something foreign is at the volume's path
     */
    void createVolume(VolumeName volume, VolumeSpec spec);

    /**
     * Removes the head alone; its snapshots stay until they are removed one by one. Idempotent: an absent volume is a
     * success. Works on a full disk. Freeing the space may go on afterwards.
     *
     * @throws StorageException {@code BUSY} where something is mounted inside, {@code VOLUME_REMOVAL_FAILED}
     */
    void deleteVolume(VolumeName volume);

    /** The volumes that have a head, in no order. Cheap. */
    List<VolumeName> volumes();

    /**
     * Takes a read-only snapshot of the head: all or nothing, at one instant where the technology can. Open files and
     * mounts of the head are not disturbed.
     *
     * @throws StorageException {@code SNAPSHOT_EXISTS}, {@code NO_SPACE}, {@code CANCELLED}, {@code IO_FAILED}
     */
    SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work);

    /** Removes a snapshot. Idempotent: an absent one is a success. Works on a full disk. */
    void deleteSnapshot(VolumeName volume, SnapshotLabel label);

    /**
     * The whole snapshots of a volume, whoever made them, in no order; empty for an unknown volume. Asked at every
     * listing and before every snapshot: where nothing changed since the last call, or one snapshot did by this driver, it
     * should cost no more than a system call. The set may follow later changes; reading it meanwhile is safe.
     */
    Set<SnapshotLabel> snapshots(VolumeName volume);

    /**
     * Makes {@code from}'s content the new head and the old head the read-only snapshot {@code undo}, by one atomic
     * switch: at any instant, and after a crash at any instant, the head is the whole old or the whole new one.
     *
     * @throws StorageException {@code SNAPSHOT_NOT_FOUND}, {@code SNAPSHOT_EXISTS} (undo), {@code NO_SPACE},
     *     {@code BUSY}, {@code CANCELLED} (only before the switch)
     */
    SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work);

    /**
     * The path where a head ({@code label} empty) or snapshot can be read, mounted if need be. Cheap when it already
     * is. A snapshot's path is read-only as far as the technology can enforce it.
     */
    Path expose(VolumeName volume, Optional<SnapshotLabel> label);

    /** Unmounts or deactivates; {@link #expose} brings it back. Idempotent. {@code BUSY} where it is in use. */
    void release(VolumeName volume);

    /**
     * Grows a volume and its filesystem, on-line.
     *
     * @param bytes the new size
     * @throws StorageException {@code NO_SHRINK} where it is not larger, {@code NOT_SUPPORTED}, {@code NO_SPACE}
     */
    void resize(VolumeName volume, long bytes);

    /** Space and figures, from the kernel; under 100 ms, never cached for longer than it says. */
    DriverStatus status();

    /**
     * Lets go of everything held at run time; data stays. What others use, such as a mounted volume with open files, is
     * left to them as it is, and the next {@link DriverProvider#open} takes it over. Idempotent. {@code SHUTDOWN_FAILED}
     * says what else stayed.
     */
    @Override
    void close();
}
