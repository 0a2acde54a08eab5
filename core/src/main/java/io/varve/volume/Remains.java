package io.varve.volume;

import io.varve.linux.DurableFiles;
import io.varve.linux.Trees;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;

/** What writers that died left among the records: see {@link DurableFiles#TEMPORARY_SUFFIX}. */
final class Remains {
    private Remains() {}

    /** Removes them; for a moment when nobody writes. */
    static void remove(StoreLayout layout) throws IOException {
        for (Path place : List.of(layout.catalog(), layout.journal())) {
            Files.walkFileTree(place, new Remover());
        }
    }

    private static final class Remover extends SimpleFileVisitor<Path> {
        @Override
        public FileVisitResult preVisitDirectory(Path directory, BasicFileAttributes attributes) throws IOException {
            if (isTemporary(directory)) {
                Trees.remove(directory);
                return FileVisitResult.SKIP_SUBTREE;
            }
            return FileVisitResult.CONTINUE;
        }

        @Override
        public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
            if (isTemporary(file)) {
                Files.deleteIfExists(file);
            }
            return FileVisitResult.CONTINUE;
        }

        private static boolean isTemporary(Path path) {
            String name = path.getFileName().toString();
            return name.startsWith(".") && name.endsWith(DurableFiles.TEMPORARY_SUFFIX);
        }
    }
}
