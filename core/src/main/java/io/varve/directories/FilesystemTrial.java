package io.varve.directories;

import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** Proves, by trying, that a store's filesystem can do what the driver promises. */
final class FilesystemTrial {
    private static final Set<Errno> LACKS =
            Set.of(Errno.EINVAL, Errno.EPERM, Errno.ENOSYS, Errno.EXDEV, Errno.EOPNOTSUPP);

    private final StoreLayout layout;
    private final DriverFiles files;
    private final TreeMoves moves;

    FilesystemTrial(DriverFiles files, TreeMoves moves) {
        this.layout = files.layout();
        this.files = files;
        this.moves = moves;
    }

    /**
     * @param hasServer see {@link Duplication#on}
     * @throws StorageException {@code FILESYSTEM_UNSUITABLE}
     */
    Duplication run(boolean hasServer) throws IOException {
        proveOneFilesystem();
        try {
            proveAbilities();
            return duplication(hasServer);
        } catch (IOException failure) {
            // A full disk proves nothing, and the store is there: it was tried when it was made.
            if (KernelException.storage("try " + layout.root(), failure).code() != ErrorCode.NO_SPACE) {
                throw failure;
            }
            return new Duplication(Duplication.Means.NONE);
        }
    }

    private Duplication duplication(boolean hasServer) throws IOException {
        Path room = files.newRoom();
        try {
            return Duplication.on(room, hasServer);
        } finally {
            Files.deleteIfExists(room);
        }
    }

    private void proveOneFilesystem() throws IOException {
        FileStat root = Kernel.stat(layout.root().toRealPath());
        for (Path directory : List.of(layout.snapshots(), files.staging())) {
            FileStat stat = Kernel.stat(directory.toRealPath());
            if (stat.device() != root.device() || stat.mount() != root.mount()) {
                throw unsuitable(directory + " is not on the filesystem of " + layout.root()
                        + ", but trees are renamed between them; unmount it or choose another root");
            }
        }
    }

    private void proveAbilities() throws IOException {
        Path one = files.newRoom();
        Path other = files.newRoom();
        Path file = Files.createFile(one.resolve("file"));
        Path link = one.resolve("link");
        try {
            Kernel.link(file, link);
            moves.exchange(one, other);
            moves.exchange(one, other);
        } catch (KernelException failure) {
            throw lacking(failure);
        } finally {
            for (Path path : List.of(link, file, one, other)) {
                Files.deleteIfExists(path);
            }
        }
    }

    private StorageException lacking(KernelException failure) throws KernelException {
        if (!LACKS.contains(failure.errno())) {
            throw failure;
        }
        return unsuitable("the filesystem of " + layout.root() + " cannot make hard links or exchange two directories"
                + " atomically (" + failure.getMessage() + "); ext4, xfs and btrfs can");
    }

    private static StorageException unsuitable(String why) {
        return new StorageException(ErrorCode.FILESYSTEM_UNSUITABLE, why);
    }
}
