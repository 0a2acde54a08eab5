package io.varve.driver.rsync;

import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
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

/** The driver's own directories, and the moves between them and the places others see. */
final class DriverFiles {
    private static final int OWNER_ALONE = 0700;
    private static final FileAttribute<Set<PosixFilePermission>> FOR_OWNER_ALONE =
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------"));
    static final int OWNER_WRITES_ALL_READ = 0755;
    private static final int OWNER_WRITES = 0200;

    private final StoreLayout layout;

    DriverFiles(StoreLayout layout) {
        this.layout = layout;
    }

    /**
     * Makes what is missing and proves that the store's filesystem can do what the driver promises.
     *
     * @throws StorageException {@code FILESYSTEM_UNSUITABLE}
     */
    static DriverFiles prepare(StoreLayout layout) throws IOException {
        DriverFiles files = new DriverFiles(layout);
        DurableFiles.makeDirectories(layout.snapshots());
        for (Path directory : List.of(files.staging(), files.imports(), files.intents(), files.markers())) {
            DurableFiles.makeDirectories(directory);
        }
        Kernel.setPermissions(layout.driverPrivate(), OWNER_ALONE);
        files.proveOneFilesystem();
        files.proveAbilities();
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

    /**
     * The parent of a volume's snapshots. Snapshots keep the owners of their files, so those owners could write to
     * them; a parent that only the store's owner may enter keeps them out.
     */
    Path makeSnapshotsDirectory(VolumeName volume) throws IOException {
        Path directory = layout.snapshots(volume);
        if (!Kernel.exists(directory)) {
            Files.createDirectory(directory, FOR_OWNER_ALONE);
            sync(layout.snapshots());
        }
        return directory;
    }

    /** Where a snapshot that comes from outside is built. */
    Path importing(VolumeName volume, SnapshotLabel label) {
        return imports().resolve(volume.value()).resolve(label.value());
    }

    /** The clock of the filesystem, which change times are of: later than every one so far, or equal to the last. */
    static Instant now(Path room) throws IOException {
        return Kernel.stat(Files.createFile(room.resolve("now"))).changed();
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

    /** @throws StorageException {@code BUSY}, with the first mount point found in the tree, its top included */
    void requireNothingMounted(Path tree) throws IOException {
        Path real = layout.root().toRealPath().resolve(layout.root().relativize(tree));
        for (MountTable.Mount mount : MountTable.read().mounts()) {
            if (mount.point().startsWith(real)) {
                throw new StorageException(
                        ErrorCode.BUSY,
                        mount.type() + " filesystem " + mount.source() + " is mounted at " + mount.point()
                                + "; unmount it first");
            }
        }
    }

    /** Renames; what is at the new name already stays and the call fails with EEXIST. */
    static void move(Path from, Path to) throws IOException {
        int permissions = unlock(from);
        boolean moved = false;
        try {
            Kernel.renameNew(from, to);
            moved = true;
        } finally {
            lock(moved ? to : from, permissions);
        }
    }

    /** Exchanges two directories in one atomic step. */
    static void exchange(Path one, Path other) throws IOException {
        int ofOne = unlock(one);
        int ofOther = unlock(other);
        boolean exchanged = false;
        try {
            Kernel.exchange(one, other);
            exchanged = true;
        } finally {
            lock(exchanged ? other : one, ofOne);
            lock(exchanged ? one : other, ofOther);
        }
    }

    /** Without root, the kernel moves a directory to another parent only where its owner may write to it. */
    private static int unlock(Path directory) throws IOException {
        int permissions = Kernel.stat(directory).permissions();
        if ((permissions & OWNER_WRITES) == 0 && !Kernel.isRoot()) {
            Kernel.setPermissions(directory, permissions | OWNER_WRITES);
        }
        return permissions;
    }

    private static void lock(Path directory, int permissions) throws IOException {
        if ((permissions & OWNER_WRITES) == 0 && !Kernel.isRoot()) {
            Kernel.setPermissions(directory, permissions);
        }
    }

    /** Makes the names in a directory durable; by system calls alone, which work in an interrupted thread too. */
    static void sync(Path directory) throws IOException {
        try (Descriptor open = Kernel.open(directory, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            open.sync();
        }
    }

    private void proveOneFilesystem() throws IOException {
        FileStat root = Kernel.stat(layout.root().toRealPath());
        for (Path directory : List.of(layout.snapshots(), staging())) {
            FileStat stat = Kernel.stat(directory.toRealPath());
            if (stat.device() != root.device() || stat.mount() != root.mount()) {
                throw unsuitable(directory + " is not on the filesystem of " + layout.root()
                        + ", but trees are renamed between them; unmount it or choose another root");
            }
        }
    }

    private void proveAbilities() throws IOException {
        Path one = newRoom();
        Path other = newRoom();
        Path file = Files.createFile(one.resolve("file"));
        Path link = one.resolve("link");
        try {
            Kernel.link(file, link);
            Kernel.exchange(one, other);
            Kernel.exchange(one, other);
        } catch (KernelException failure) {
            throw lacking(failure);
        } finally {
            for (Path path : List.of(link, file, one, other)) {
                Files.deleteIfExists(path);
            }
        }
    }

    private StorageException lacking(KernelException failure) throws KernelException {
        boolean lacks = failure.errno() == Errno.EINVAL
                || failure.errno() == Errno.EPERM
                || failure.errno() == Errno.ENOSYS
                || failure.errno() == Errno.EXDEV
                || failure.errno() == Errno.EOPNOTSUPP;
        if (!lacks) {
            throw failure;
        }
        return unsuitable("the filesystem of " + layout.root() + " cannot make hard links or exchange two directories"
                + " atomically (" + failure.getMessage() + "); ext4, xfs and btrfs can");
    }

    private static StorageException unsuitable(String why) {
        return new StorageException(ErrorCode.FILESYSTEM_UNSUITABLE, why);
    }
}
