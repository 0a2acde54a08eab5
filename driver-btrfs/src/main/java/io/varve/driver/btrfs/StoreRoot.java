package io.varve.driver.btrfs;

import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.stream.Collectors;

/** The root of an open store: what is at a path of it, what stands in the way there, and whether it is still there. */
final class StoreRoot {
    /** The end of the hidden name of a snapshot that is being removed. */
    static final String REMOVED_SUFFIX = ".removed";

    private static final int NAMED_AT_MOST = 10;

    /** What rmdir(2) says of a directory that is full, absent, none at all, or mounted upon. */
    private static final Set<Errno> NOTHING_TO_REMOVE =
            EnumSet.of(Errno.ENOTEMPTY, Errno.ENOENT, Errno.ENOTDIR, Errno.EBUSY);

    private final StoreLayout layout;
    private final Identity identity;

    private StoreRoot(StoreLayout layout, Identity identity) {
        this.layout = layout;
        this.identity = identity;
    }

    /** A directory on a btrfs filesystem, whichever device or mount brings it. */
    private record Identity(UUID filesystem, long subvolume, long inode) {
        static Identity of(Path root) throws IOException {
            try (Directory open = Directory.open(root)) {
                UUID filesystem = BtrfsIoctls.filesystem(open.descriptor());
                long subvolume = BtrfsIoctls.info(open.descriptor()).id();
                return new Identity(filesystem, subvolume, open.stat().inode());
            }
        }
    }

    /** What is at a path. */
    enum Found {
        ABSENT,
        SUBVOLUME,
        /** A mount hides what the store has here. */
        MOUNTED,
        /** Anything else: nothing of ours. */
        FOREIGN;

        private static Found of(FileStat stat) {
            if (stat.mountRoot()) {
                return MOUNTED;
            }
            return stat.isDirectory() && stat.inode() == BtrfsIoctls.TOP_INODE ? SUBVOLUME : FOREIGN;
        }
    }

    static StoreRoot open(StoreLayout given) throws IOException {
        Path real = given.root().toRealPath();
        return new StoreRoot(new StoreLayout(real, given.type()), Identity.of(real));
    }

    /** The store's paths without symlinks, as the mount table has them. */
    StoreLayout layout() {
        return layout;
    }

    /** @throws StorageException {@code IO_FAILED} where nothing is there because the root is gone */
    Found look(Path path) throws IOException {
        try {
            return Found.of(Kernel.stat(path));
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT || failure.errno() == Errno.ENOTDIR) {
                requirePresent();
                return Found.ABSENT;
            }
            throw failure;
        }
    }

    boolean isSubvolume(Path path) throws IOException {
        return look(path) == Found.SUBVOLUME;
    }

    static BtrfsIoctls.SubvolumeInfo info(Path subvolume) throws IOException {
        try (Directory open = Directory.open(subvolume)) {
            return BtrfsIoctls.info(open.descriptor());
        }
    }

    /** The subvolumes inside a tree, as relative paths; what is inside those is theirs. */
    static List<String> nested(Path subvolume) throws IOException {
        try (Directory open = Directory.open(subvolume)) {
            List<String> paths = new ArrayList<>();
            for (BtrfsIoctls.Child child : BtrfsIoctls.children(open.descriptor())) {
                paths.add(BtrfsIoctls.path(open.descriptor(), child));
            }
            return List.copyOf(paths);
        }
    }

    /** @throws StorageException {@code BUSY} where other subvolumes are in the tree; {@code action} says why */
    static void requireNothingNested(Path tree, String action) throws IOException {
        List<String> nested = nested(tree);
        if (!nested.isEmpty()) {
            throw new StorageException(
                    ErrorCode.BUSY,
                    action + ": it contains the subvolumes " + some(nested) + "; " + makeWritable(tree)
                            + "move them elsewhere, or remove them with 'btrfs subvolume delete', and try again");
        }
    }

    /** Nothing can leave a read-only subvolume. */
    private static String makeWritable(Path tree) throws IOException {
        return info(tree).readOnly() ? "run 'btrfs property set -t subvol " + tree + " ro false', " : "";
    }

    /** The first few paths, for people. */
    static String some(List<String> paths) {
        String named = paths.stream().limit(NAMED_AT_MOST).collect(Collectors.joining(", "));
        int more = paths.size() - NAMED_AT_MOST;
        return more > 0 ? named + " and " + more + " more" : named;
    }

    static void ensureDirectory(Path directory, int permissions) throws IOException {
        if (Kernel.exists(directory)) {
            return;
        }
        try (Directory parent = Directory.open(parent(directory))) {
            parent.makeDirectory(RawName.of(name(directory)), permissions);
        } catch (KernelException failure) {
            if (failure.errno() != Errno.EEXIST) {
                throw failure;
            }
        }
    }

    /** Removes a plain directory that holds nothing any more; what is anything else stays as it is. */
    static void removeIfEmpty(Path directory) throws IOException {
        try (Directory parent = Directory.open(parent(directory))) {
            parent.removeDirectory(RawName.of(name(directory)));
        } catch (KernelException failure) {
            if (!NOTHING_TO_REMOVE.contains(failure.errno())) {
                throw failure;
            }
        }
    }

    static Path parent(Path path) {
        return Objects.requireNonNull(path.getParent(), "the root directory has no parent");
    }

    static String name(Path path) {
        return Objects.requireNonNull(path.getFileName(), "the root directory has no name")
                .toString();
    }

    /** The entries of a directory, hidden ones too; none where there is no directory. */
    static List<Path> entries(Path directory) throws IOException {
        try (Directory open = Directory.open(directory)) {
            return open.names().stream()
                    .map(name -> directory.resolve(name.toString()))
                    .toList();
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT || failure.errno() == Errno.ENOTDIR) {
                return List.of();
            }
            throw failure;
        }
    }

    /** Makes the names in a directory durable, new subvolumes included. */
    static void sync(Path directory) throws IOException {
        try (Directory open = Directory.open(directory)) {
            open.descriptor().sync();
        }
    }

    /** Makes what was removed from a directory durably gone, and its space free soon. */
    static void commit(Path directory) throws IOException {
        try (Directory open = Directory.open(directory)) {
            BtrfsIoctls.commit(open.descriptor());
        }
    }

    /** @throws StorageException {@code IO_FAILED} where the root is not the directory the store was opened on */
    void requirePresent() {
        gone().ifPresent(reason -> {
            throw new StorageException(ErrorCode.IO_FAILED, reason);
        });
    }

    private Optional<String> gone() {
        String advice = "; mount it again and open the store anew";
        try {
            return Identity.of(layout.root()).equals(identity)
                    ? Optional.empty()
                    : Optional.of("another filesystem is at the store's root " + layout.root() + advice);
        } catch (IOException failure) {
            return Optional.of("the store's root " + layout.root() + " is gone: " + failure.getMessage() + advice);
        }
    }

    /** A failed call as what people should know: a root that is gone or read-only comes before its consequences. */
    StorageException failure(String action, IOException failure) {
        Optional<String> trouble = gone().or(this::readOnly);
        return trouble.map(reason -> new StorageException(ErrorCode.IO_FAILED, action + ": " + reason, failure))
                .orElseGet(() -> KernelException.storage(action, failure));
    }

    private Optional<String> readOnly() {
        try {
            return Kernel.space(layout.root()).readOnly()
                    ? Optional.of("the filesystem of the store's root " + layout.root()
                            + " is read-only; if nobody mounted it so, the kernel's log says what broke")
                    : Optional.empty();
        } catch (IOException failure) {
            return Optional.of("the store's root " + layout.root() + " does not answer: " + failure.getMessage());
        }
    }
}
