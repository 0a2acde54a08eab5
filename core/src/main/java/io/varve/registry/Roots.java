package io.varve.registry;

import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** What can be said of a root from its path and its flag files. */
public final class Roots {
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
        Path normal = root.normalize();
        Path existing = nearestExisting(normal);
        try {
            return existing.toRealPath().resolve(existing.relativize(normal));
        } catch (IOException failure) {
            throw new StorageException(
                    ErrorCode.IO_FAILED, "cannot look at '" + root + "': " + failure.getMessage(), failure);
        }
    }

    /** The path itself or its nearest ancestor that is there. */
    public static Path nearestExisting(Path path) {
        Path existing = path;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }

    /** The type of the store that this directory is the root of, by its flag file. */
    public static Optional<DriverType> detect(Path root) {
        if (!Files.isDirectory(root)) {
            return Optional.empty();
        }
        try (DirectoryStream<Path> hidden = Files.newDirectoryStream(root, ".[a-z]*")) {
            for (Path home : hidden) {
                Optional<DriverType> type = typeOf(root, home);
                if (type.isPresent()) {
                    return type;
                }
            }
            return Optional.empty();
        } catch (IOException failure) {
            throw new StorageException(
                    ErrorCode.IO_FAILED, "cannot look into '" + root + "': " + failure.getMessage(), failure);
        }
    }

    private static Optional<DriverType> typeOf(Path root, Path home) {
        try {
            DriverType type = DriverType.of(home.getFileName().toString().substring(1));
            boolean flagged = Files.isRegularFile(new StoreLayout(root, type).flagFile());
            return flagged ? Optional.of(type) : Optional.empty();
        } catch (StorageException notATypeName) {
            return Optional.empty();
        }
    }

    /** The nearest ancestor that is the root of a store, open or not. */
    public static Optional<Path> enclosing(Path root) {
        for (Path above = root.getParent(); above != null; above = above.getParent()) {
            if (detect(above).isPresent()) {
                return Optional.of(above);
            }
        }
        return Optional.empty();
    }
}
