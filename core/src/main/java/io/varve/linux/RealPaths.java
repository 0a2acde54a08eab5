package io.varve.linux;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Paths whose end may not be there yet. */
public final class RealPaths {
    private RealPaths() {}

    /** An absolute path without symbolic links in the part of it that is there. */
    public static Path of(Path path) throws IOException {
        Path normal = path.normalize();
        Path existing = nearestExisting(normal);
        return existing.toRealPath().resolve(existing.relativize(normal));
    }

    /** The path itself or its nearest ancestor that is there. */
    public static Path nearestExisting(Path path) {
        Path existing = path;
        while (!Files.exists(existing) && existing.getParent() != null) {
            existing = existing.getParent();
        }
        return existing;
    }
}
