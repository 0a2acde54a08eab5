package io.varve.registry;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.Optional;

/** Walks below a directory until it comes to the home of a store that is not the directory's own. */
final class EnclosedRoot extends SimpleFileVisitor<Path> {
    private final Path top;
    private Optional<Path> found = Optional.empty();

    EnclosedRoot(Path top) {
        this.top = top;
    }

    /** The root of the store that was found. */
    Optional<Path> found() {
        return found;
    }

    @Override
    public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) {
        Path root = directory.getParent();
        boolean hidden =
                !directory.equals(top) && directory.getFileName().toString().startsWith(".");
        if (hidden
                && root != null
                && !root.equals(top)
                && Roots.typeOf(root, directory).isPresent()) {
            found = Optional.of(root);
            return FileVisitResult.TERMINATE;
        }
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult visitFileFailed(Path file, IOException unreadable) {
        return FileVisitResult.CONTINUE;
    }

    @Override
    public FileVisitResult postVisitDirectory(Path directory, @Nullable IOException unreadable) {
        return FileVisitResult.CONTINUE;
    }
}
