package io.varve.registry;

import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.linux.RealPaths;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** What can be said of a root from its path and its flag files. */
public final class Roots {
    /** A store is found that far below another root; whoever nests deeper is on his own. */
    private static final int LEVELS = 5;

    private Roots() {}

    /**
     * A root in the one form that is compared: absolute, without {@code .}, {@code ..} and symlinks.
     *
     * @throws StorageException {@code PATH_NOT_ABSOLUTE}
     */
    public static Path canonical(Path root) {
        if (!root.isAbsolute()) {
            throw new StorageException(ErrorCode.PATH_NOT_ABSOLUTE, "'" + root + "' is not an absolute path");
        }
        try {
            return RealPaths.of(root);
        } catch (IOException failure) {
            throw KernelException.storage("cannot look at '" + root + "'", failure);
        }
    }

    /** The type of the store that this directory is the root of, by its flag file; of several the first by name. */
    public static Optional<DriverType> detect(Path root) {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        List<DriverType> found = new ArrayList<>();
        try (DirectoryStream<Path> hidden = Files.newDirectoryStream(root, ".[a-z]*")) {
            hidden.forEach(home -> typeOf(root, home).ifPresent(found::add));
        } catch (IOException failure) {
            throw unreadable(root, failure);
        } catch (DirectoryIteratorException failure) {
            throw unreadable(root, new IOException(failure));
        }
        return found.stream().min(Comparator.naturalOrder());
    }

    private static StorageException unreadable(Path root, IOException failure) {
        return KernelException.storage("cannot look into '" + root + "'", failure);
    }

    /** The type whose home this directory is, by its name and its flag file. */
    static Optional<DriverType> typeOf(Path root, Path home) {
        try {
            DriverType type = DriverType.of(home.getFileName().toString().substring(1));
            boolean flagged = Files.isRegularFile(new StoreLayout(root, type).flagFile());
            return flagged ? Optional.of(type) : Optional.empty();
        } catch (StorageException notATypeName) {
            return Optional.empty();
        }
    }

    /**
     * The root of a store somewhere below a directory, open or not. Looks at most {@value #LEVELS} levels down, follows
     * no symlink, and passes over what cannot be read and over network filesystems, which may never answer.
     */
    public static Optional<Path> enclosed(Path root) {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try {
            return new EnclosedRoot(MountTable.read()).below(root, LEVELS);
        } catch (IOException failure) {
            throw unreadable(root, failure);
        }
    }

    /**
     * The nearest ancestor that is the root of a store, open or not.
     *
     * @param types the types that are looked for where an ancestor lets nobody list it
     */
    public static Optional<Path> enclosing(Path root, Set<DriverType> types) {
        for (Path above = root.getParent(); above != null; above = above.getParent()) {
            if (isStore(above, types)) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }

    private static boolean isStore(Path directory, Set<DriverType> types) {
        return Files.isReadable(directory)
                ? detect(directory).isPresent()
                : types.stream().anyMatch(type -> Files.isRegularFile(new StoreLayout(directory, type).flagFile()));
    }
}
