package io.varve.spi;

import java.io.OutputStream;
import java.util.Optional;

/** The ability to write a snapshot in the technology's own stream format. {@link Capability#NATIVE_STREAM}. */
public interface NativeStream {
    /**
     * Writes the snapshot, or what changed since {@code parent}, to the stream; does not close it.
     *
     * @throws StorageException {@code SNAPSHOT_NOT_FOUND}, {@code CANCELLED}, {@code IO_FAILED}
     */
    void send(VolumeName volume, SnapshotLabel label, Optional<SnapshotLabel> parent, OutputStream target, Work work);
}
