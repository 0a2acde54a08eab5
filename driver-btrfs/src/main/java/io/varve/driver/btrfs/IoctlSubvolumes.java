package io.varve.driver.btrfs;

import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;

import java.io.IOException;
import java.nio.file.Path;

/** Subvolumes by the kernel's ioctls, with the rights of this process. */
final class IoctlSubvolumes implements Subvolumes {
    @Override
    public void create(Path path) throws IOException {
        try (Directory parent = Directory.open(StoreRoot.parent(path))) {
            BtrfsIoctls.createSubvolume(parent.descriptor(), name(path));
        }
    }

    @Override
    public void snapshot(Path source, Path target, Access access) throws IOException {
        try (Directory from = Directory.open(source);
                Directory parent = Directory.open(StoreRoot.parent(target))) {
            boolean readOnly = access == Access.READ_ONLY;
            BtrfsIoctls.snapshot(from.descriptor(), parent.descriptor(), name(target), readOnly);
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        try {
            destroy(path);
        } catch (KernelException refused) {
            // EROFS: an owner without privilege may not remove what is read-only.
            if (refused.errno() != Errno.EROFS || !isReadOnly(path)) {
                throw refused;
            }
            deleteReadOnly(path);
        }
    }

    private static void destroy(Path path) throws IOException {
        try (Directory parent = Directory.open(StoreRoot.parent(path))) {
            BtrfsIoctls.destroy(parent.descriptor(), name(path));
        }
    }

    /** It is hidden before it becomes writable, so that nobody ever finds a writable tree under its name. */
    private static void deleteReadOnly(Path path) throws IOException {
        Path hidden = path.resolveSibling("." + StoreRoot.name(path) + StoreRoot.REMOVED_SUFFIX);
        Kernel.renameNew(path, hidden);
        try {
            setReadOnly(hidden, false);
            destroy(hidden);
        } catch (IOException failure) {
            restore(hidden, path, failure);
            throw failure;
        }
    }

    private static void restore(Path hidden, Path path, IOException failure) {
        try {
            setReadOnly(hidden, true);
            Kernel.renameNew(hidden, path);
        } catch (IOException stuck) {
            failure.addSuppressed(stuck);
        }
    }

    @Override
    public void makeReadOnly(Path path) throws IOException {
        setReadOnly(path, true);
    }

    private static void setReadOnly(Path path, boolean readOnly) throws IOException {
        try (Directory subvolume = Directory.open(path)) {
            BtrfsIoctls.setReadOnly(subvolume.descriptor(), readOnly);
        }
    }

    private static boolean isReadOnly(Path path) throws IOException {
        try (Directory subvolume = Directory.open(path)) {
            return BtrfsIoctls.info(subvolume.descriptor()).readOnly();
        }
    }

    private static RawName name(Path path) {
        return RawName.of(StoreRoot.name(path));
    }
}
