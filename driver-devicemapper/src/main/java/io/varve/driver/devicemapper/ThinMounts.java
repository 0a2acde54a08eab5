package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceMapper.Device;
import io.varve.linux.Descriptor;
import io.varve.linux.DetachedMount;
import io.varve.linux.DetachedMount.Access;
import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.linux.Mounts;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.linux.TreeUsers;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Brings thin devices to work, mounts them, and takes them away again. The caller holds the volume's lock. */
final class ThinMounts {
    private static final Duration PATIENCE = Duration.ofSeconds(2);

    /** For whoever only looks at each new device for a moment. */
    static final Duration INSTANT = Duration.ofMillis(200);

    private static final int NAMED_USERS = 5;
    private static final int PUBLIC = 0755;

    /** What rmdir(2) says of a directory that is full, absent, none at all, or mounted upon. */
    private static final Set<Errno> NOTHING_TO_REMOVE =
            EnumSet.of(Errno.ENOTEMPTY, Errno.ENOENT, Errno.ENOTDIR, Errno.EBUSY);

    /** What a filesystem says that cannot grow for lack of room, or until somebody checked it after an error. */
    private static final Set<Errno> STAYS_SMALLER = EnumSet.of(Errno.ENOSPC, Errno.EPERM);

    private static final System.Logger LOG = System.getLogger(ThinMounts.class.getName());

    private final ThinPools pool;
    private final FilesystemKind filesystem;
    private final List<String> mountOptions;

    ThinMounts(ThinPools pool, FilesystemKind filesystem, DeviceMapperOptions options) {
        this.pool = pool;
        this.filesystem = filesystem;
        List<String> all = new ArrayList<>(filesystem.mountOptions());
        // What is deleted in a volume goes back to the pool at once.
        all.add("discard");
        all.addAll(options.mountOptions());
        this.mountOptions = List.copyOf(all);
    }

    /** The device that is mounted exactly at a path. */
    static OptionalLong mountedAt(Path path) throws IOException {
        try {
            if (!Kernel.exists(path)) {
                return OptionalLong.empty();
            }
            FileStat stat = Kernel.stat(path);
            return stat.mountRoot() ? OptionalLong.of(stat.device()) : OptionalLong.empty();
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EIO) {
                return listedAt(path);
            }
            throw failure;
        }
    }

    /** A filesystem that failed and shut itself down does not tell even that. */
    private static OptionalLong listedAt(Path path) throws IOException {
        return MountTable.read().at(path).stream()
                .map(mount -> mount.device().split(":", 2))
                .mapToLong(device -> FileStat.makeDevice(Integer.parseInt(device[0]), Integer.parseInt(device[1])))
                .findFirst();
    }

    /** Whether this device, and not another, is mounted there. */
    boolean isMounted(Entry entry, Path path) throws IOException {
        Optional<Device> device = pool.find(entry.id());
        OptionalLong mounted = mountedAt(path);
        return device.isPresent()
                && mounted.isPresent()
                && mounted.getAsLong() == device.get().number();
    }

    /** Mounts a head for writing at a directory, which is there. */
    void mountHead(Entry entry, Path path) throws IOException {
        if (isMounted(entry, path)) {
            return;
        }
        requireFree(path);
        try (DetachedMount mount = prepare(entry)) {
            mount.attach(path);
        }
    }

    private static void requireFree(Path path) throws IOException {
        if (mountedAt(path).isPresent()) {
            throw new StorageException(ErrorCode.BUSY, "something else is mounted over " + path + "; unmount it first");
        }
    }

    /** A filesystem that can be written to and is as large as its device, at no place yet. */
    DetachedMount prepare(Entry entry) throws IOException {
        Device device = pool.activate(entry.id(), entry.bytes(), false);
        Path node = pool.node(entry.id(), device);
        DetachedMount mount = DetachedMount.of(filesystem.type(), node, mountOptions, Access.WRITABLE);
        try (Directory top = mount.top()) {
            filesystem.failSoon(device.number());
            growIfPossible(top, node, entry);
            return mount;
        } catch (IOException | RuntimeException failure) {
            mount.close();
            throw failure;
        }
    }

    /** A filesystem that is smaller than its device does no harm; one that finds the pool full while it grows is damaged. */
    private void growIfPossible(Directory top, Path node, Entry entry) throws IOException {
        long growth = filesystem.layout(top, node).growth(entry.bytes(), pool.blockSize());
        if (growth > 0 && growth > pool.free()) {
            LOG.log(Level.WARNING, "{0} stays smaller than its device: the pool has no room for it to grow", node);
            return;
        }
        try {
            filesystem.grow(top, node, entry.bytes());
        } catch (KernelException failure) {
            if (!STAYS_SMALLER.contains(failure.errno())) {
                throw failure;
            }
            LOG.log(Level.WARNING, "{0} stays smaller than its device: {1}", node, failure.getMessage());
        }
    }

    /** Bytes of the pool it takes to make a mounted filesystem so large. */
    long growth(Entry entry, Path path, long bytes) throws IOException {
        Path node = pool.node(entry.id(), pool.activate(entry.id(), entry.bytes(), false));
        try (Directory top = Directory.open(path)) {
            return filesystem.layout(top, node).growth(bytes, pool.blockSize());
        }
    }

    /** Makes a head that is mounted, and its filesystem, as large as it is written down to be. */
    void grow(Entry entry, Path path) throws IOException {
        pool.extend(entry.id(), entry.bytes());
        Path node = pool.node(entry.id(), pool.activate(entry.id(), entry.bytes(), false));
        try (Directory top = Directory.open(path)) {
            filesystem.grow(top, node, entry.bytes());
        }
    }

    /** Takes away what mkfs leaves in a filesystem that should be empty; fsck makes it again where it needs it. */
    static void empty(Directory top) throws IOException {
        RawName lostAndFound = RawName.of("lost+found");
        if (top.contains(lostAndFound)) {
            top.removeDirectory(lostAndFound);
        }
    }

    /** Mounts a snapshot for reading; the directory is made. */
    void mountSnapshot(Entry entry, Path path) throws IOException {
        if (isMounted(entry, path)) {
            return;
        }
        requireFree(path);
        ensureDirectory(path.resolveSibling(""));
        ensureDirectory(path);
        try (DetachedMount mount = view(entry)) {
            mount.attach(path);
        }
    }

    /** After a forced rollback somebody may still write to the undo point; it is shown as it is meanwhile. */
    private DetachedMount view(Entry entry) throws IOException {
        Optional<Device> there = pool.find(entry.id());
        if (there.isPresent() && !there.get().readOnly() && there.get().openCount() > 0) {
            return mount(pool.node(entry.id(), there.get()), Access.READ_ONLY_VIEW);
        }
        try {
            return readOnly(entry);
        } catch (KernelException failure) {
            if (failure.errno() != Errno.EROFS && failure.errno() != Errno.EACCES) {
                throw failure;
            }
        }
        repair(entry);
        return readOnly(entry);
    }

    private DetachedMount readOnly(Entry entry) throws IOException {
        Path node = pool.node(entry.id(), pool.activate(entry.id(), entry.bytes(), true));
        return mount(node, Access.READ_ONLY);
    }

    private DetachedMount mount(Path node, Access access) throws IOException {
        return DetachedMount.of(filesystem.type(), node, mountOptions, access);
    }

    /** Lets the filesystem bring its journal home, which changes nothing that can be seen in it. */
    void repair(Entry entry) throws IOException {
        stop(entry);
        Path node = pool.node(entry.id(), pool.activate(entry.id(), entry.bytes(), false));
        mount(node, Access.WRITABLE).close();
        stop(entry);
    }

    /** Takes a device from work; false where somebody has it open. */
    boolean stop(Entry entry) throws IOException {
        return pool.deactivate(entry.id(), PATIENCE);
    }

    /** The same without waiting for anybody. */
    boolean stopNow(Entry entry) throws IOException {
        return pool.deactivate(entry.id(), Duration.ZERO);
    }

    /**
     * Unmounts what of this device is mounted at a path.
     *
     * @throws StorageException {@code BUSY} names the users
     */
    void unmount(Entry entry, Path path, String action) throws IOException {
        if (!isMounted(entry, path)) {
            return;
        }
        try {
            Mounts.unmount(path);
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EBUSY) {
                throw busy(path, action);
            }
            throw failure;
        }
    }

    private static StorageException busy(Path path, String action) throws IOException {
        List<String> users =
                TreeUsers.of(path).stream().map(TreeUsers.User::what).toList();
        int more = users.size() - NAMED_USERS;
        String named = users.stream().limit(NAMED_USERS).collect(Collectors.joining("; "));
        return new StorageException(
                ErrorCode.BUSY,
                action + ": " + path + " is in use" + (named.isEmpty() ? "" : ": " + named)
                        + (more > 0 ? "; and " + more + " more" : ""));
    }

    /**
     * Puts another filesystem in the place of the one that is mounted at a path. Where the kernel can (Linux 6.5), the
     * path shows the one or the other at any instant; elsewhere it is an empty directory for the time of one system
     * call. Whoever uses the old one goes on with it.
     */
    static void replace(Path path, DetachedMount next) throws IOException {
        if (mountedAt(path).isEmpty()) {
            next.attach(path);
            return;
        }
        // Holding the old mount keeps its last unmounting, which writes, out of that time.
        try (Descriptor _ = Kernel.open(path, OpenFlag.PLACE, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW)) {
            if (next.attachBeneath(path)) {
                Mounts.detach(path);
                return;
            }
            Mounts.detach(path);
            next.attach(path);
        }
    }

    /** What a directory for a mount needs: it is there, of mode 0755, and its name is durable. */
    static void ensureDirectory(Path directory) throws IOException {
        if (!Kernel.exists(directory)) {
            DurableFiles.makeDirectories(directory);
            Kernel.setPermissions(directory, PUBLIC);
        }
    }

    /** Removes a directory that nothing is mounted on and nothing is in; anything else stays. */
    static void removeIfEmpty(Path directory) throws IOException {
        Path parent = directory.getParent();
        if (parent == null || !Kernel.exists(parent) || !Kernel.exists(directory)) {
            return;
        }
        try (Directory open = Directory.open(parent)) {
            open.removeDirectory(RawName.of(directory.getFileName().toString()));
        } catch (KernelException failure) {
            if (!NOTHING_TO_REMOVE.contains(failure.errno())) {
                throw failure;
            }
        }
    }
}
