package io.varve.browse;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * A directory tree to look into. Nothing outside it is reached, whatever the path and whatever symlinks the tree holds:
 * the kernel itself refuses (openat2(2)). Thread-safe until it is closed; what was opened from it lives on its own.
 *
 * <p>Failures: {@code NOT_FOUND} where nothing is at a path or another filesystem is mounted over it,
 * {@code REQUEST_INVALID} where a step of the path is a symlink, {@code NOT_A_DIRECTORY}, {@code PERMISSION_DENIED}.
 */
public final class SnapshotTree implements AutoCloseable {
    private final Directory root;
    private final Bounds bounds;

    private SnapshotTree(Directory root, Bounds bounds) {
        this.root = root;
        this.bounds = bounds;
    }

    /** Opens the tree whose root is this directory, which is not a symlink. */
    public static SnapshotTree open(Path path) {
        try {
            Directory root = Directory.open(path);
            return new SnapshotTree(root, Bounds.of(root.stat()));
        } catch (IOException failure) {
            throw KernelException.storage("cannot look into the tree", failure);
        }
    }

    /** The entries of a directory; to be closed. */
    public Listing list(TreePath path) {
        try {
            return new Listing(openDirectory(path), path);
        } catch (IOException failure) {
            throw refusal(path, failure);
        }
    }

    /** What is at a path; a symlink there is shown, not followed. */
    public FileStat stat(TreePath path) {
        try (Directory directory = openDirectory(path.isRoot() ? path : path.parent())) {
            return path.isRoot() ? directory.stat() : directory.stat(path.name());
        } catch (IOException failure) {
            throw refusal(path, failure);
        }
    }

    /**
     * Opens a regular file; to be closed.
     *
     * @throws StorageException {@code REQUEST_INVALID} where it is anything else
     */
    public RegularFile open(TreePath path) {
        requireRegular(path, stat(path));
        try (Directory directory = openDirectory(path.parent())) {
            return regular(path, directory.openFile(path.name(), 0, OpenFlag.READ, OpenFlag.NON_BLOCKING));
        } catch (IOException failure) {
            throw refusal(path, failure);
        }
    }

    /** In a tree that lives, something else may have taken the name between the look and the opening. */
    private RegularFile regular(TreePath path, Descriptor opened) throws IOException {
        try {
            FileStat stat = opened.stat();
            requireRegular(path, stat);
            return new RegularFile(opened, stat);
        } catch (IOException | StorageException failure) {
            opened.close();
            throw failure;
        }
    }

    private void requireRegular(TreePath path, FileStat stat) {
        if (stat.kind() != FileKind.REGULAR) {
            String kind = stat.kind().name().toLowerCase(Locale.ROOT).replace('_', ' ');
            throw about(path, ErrorCode.REQUEST_INVALID, "is a " + kind + "; only regular files have content to read");
        }
        if (!bounds.hold(stat)) {
            throw mounted(path);
        }
    }

    private Directory openDirectory(TreePath path) throws IOException {
        Directory directory = openBeneath(path);
        try {
            if (directory.stat().device() == bounds.device()) {
                return directory;
            }
        } catch (IOException failure) {
            directory.close();
            throw failure;
        }
        directory.close();
        throw mounted(path);
    }

    /** The kernel calls a symlink on the way a loop, and one at the end "not a directory". */
    private Directory openBeneath(TreePath path) throws IOException {
        try {
            return root.openBeneath(path.raw());
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOTDIR && stat(path).kind() == FileKind.SYMLINK) {
                throw symlink(path);
            }
            throw failure;
        }
    }

    static StorageException refusal(TreePath path, IOException failure) {
        if (!(failure instanceof KernelException kernel)) {
            return KernelException.storage("cannot read '" + path + "'", failure);
        }
        return switch (kernel.errno()) {
            case ENOENT -> about(path, ErrorCode.NOT_FOUND, "is not in this tree");
            case ENAMETOOLONG -> about(path, ErrorCode.NOT_FOUND, "is longer than a path can be");
            case EXDEV -> mounted(path);
            case ENOTDIR -> about(path, ErrorCode.NOT_A_DIRECTORY, "is not a directory, or goes through a file");
            case ELOOP -> symlink(path);
            default -> KernelException.storage("cannot read '" + path + "'", failure);
        };
    }

    private static StorageException symlink(TreePath path) {
        return about(path, ErrorCode.REQUEST_INVALID, "goes through a symlink; ask for the path it points to");
    }

    private static StorageException mounted(TreePath path) {
        return about(path, ErrorCode.NOT_FOUND, "is in another filesystem, which is not part of this tree");
    }

    private static StorageException about(TreePath path, ErrorCode code, String text) {
        return new StorageException(code, "path '" + path + "' " + text).with("path", path);
    }

    @Override
    public void close() {
        root.close();
    }
}
