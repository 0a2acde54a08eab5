package io.varve.directories;

import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileAttribute;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.UUID;

/** The driver's own directories, and what must hold of the store before something is done to it. */
final class DriverFiles {
    private static final int OWNER_ALONE = 0700;
    static final FileAttribute<Set<PosixFilePermission>> FOR_OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    static final int OWNER_WRITES_ALL_READ = 0755;

    private static final Set<Errno> ERRORS_OF_WRITING = Set.of(Errno.ENOSPC, Errno.EDQUOT, Errno.EIO, Errno.EFBIG);

    private final StoreLayout layout;

    DriverFiles(StoreLayout layout) {
        this.layout = layout;
    }

    /** Makes what is missing. */
    static DriverFiles prepare(StoreLayout layout) throws IOException {
        DriverFiles files = new DriverFiles(layout);
        DurableFiles.makeDirectories(layout.snapshots());
        for (Path directory : List.of(files.staging(), files.imports(), files.intents(), files.markers())) {
            DurableFiles.makeDirectories(directory);
        }
        Kernel.setPermissions(layout.driverPrivate(), OWNER_ALONE);
        return files;
    }

    StoreLayout layout() {
        return layout;
    }

    Path staging() {
        return layout.driverPrivate().resolve("staging");
    }

    Path imports() {
        return layout.driverPrivate().resolve("imports");
    }

    Path intents() {
        return layout.driverPrivate().resolve("intents");
    }

    /** One directory a volume: what is in the root without one is not ours. */
    Path markers() {
        return layout.driverPrivate().resolve("volumes");
    }

    Path marker(VolumeName volume) {
        return markers().resolve(volume.value());
    }

    Path trash() {
        return layout.driverPrivate().resolve("trash");
    }

    /** An empty directory for one piece of work, which nobody else enters. */
    Path newRoom() throws IOException {
        return Files.createDirectory(staging().resolve(UUID.randomUUID().toString()), FOR_OWNER_ALONE);
    }

    /** Where snapshots of a volume that come from outside are built. */
    Path imports(VolumeName volume) {
        return imports().resolve(volume.value());
    }

    /** The clock of the filesystem, which change times are of: later than every one so far, or equal to the last. */
    static Instant now(Path room) throws IOException {
        return Kernel.stat(Files.createFile(room.resolve("now"))).changed();
    }

    /**
     * Has everything of the filesystem written that is still to be written. What others could not write is no concern of
     * whoever copies next, and is not told to descriptors that are opened from now on.
     */
    static void writeBack(Path room) throws IOException {
        try (Descriptor filesystem = Kernel.open(room, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            filesystem.syncFilesystem();
        } catch (KernelException ofOthers) {
            if (!ERRORS_OF_WRITING.contains(ofOthers.errno())) {
                throw ofOthers;
            }
        }
    }

    boolean isVolume(VolumeName volume) throws IOException {
        Path head = layout.volume(volume);
        return Kernel.exists(marker(volume))
                && Kernel.exists(head)
                && Kernel.stat(head).isDirectory();
    }

    void requireVolume(VolumeName volume) throws IOException {
        if (!isVolume(volume)) {
            throw new StorageException(
                    ErrorCode.VOLUME_NOT_FOUND, "there is no volume '" + volume + "' in " + layout.root());
        }
    }

    void requireNoVolume(VolumeName volume) throws IOException {
        if (isVolume(volume)) {
            throw new StorageException(
                    ErrorCode.VOLUME_EXISTS, "there is a volume '" + volume + "' in " + layout.root() + " already");
        }
    }

    void requireSnapshot(VolumeName volume, SnapshotLabel label) throws IOException {
        if (!Kernel.exists(layout.snapshot(volume, label))) {
            String text = "volume '" + volume + "' has no snapshot '" + label + "'";
            throw new StorageException(ErrorCode.SNAPSHOT_NOT_FOUND, text).with("snapshot", label);
        }
    }

    void requireNoSnapshot(VolumeName volume, SnapshotLabel label) throws IOException {
        if (Kernel.exists(layout.snapshot(volume, label))) {
            String text = "volume '" + volume + "' has a snapshot '" + label + "' already";
            throw new StorageException(ErrorCode.SNAPSHOT_EXISTS, text).with("snapshot", label);
        }
    }

    void requireSpace(long bytes) throws IOException {
        long available = Kernel.space(layout.root()).available();
        if (bytes > available) {
            throw new StorageException(
                    ErrorCode.NO_SPACE,
                    bytes + " bytes are needed, " + available + " are available in " + layout.root());
        }
    }
}
