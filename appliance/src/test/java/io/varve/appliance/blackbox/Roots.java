package io.varve.appliance.blackbox;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.stream.Stream;

/** What lies below a store's root, looked at with the JDK alone. */
final class Roots {
    /** Where the rsync driver keeps which volumes there are; that is no work. */
    private static final String MARKS = "volumes";

    private Roots() {}

    /** The names in a directory, hidden ones too; none where it is absent. */
    static SortedSet<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return new TreeSet<>();
        }
        try (Stream<Path> entries = Files.list(directory)) {
            return new TreeSet<>(
                    entries.map(entry -> String.valueOf(entry.getFileName())).toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Every path below a directory, relative to it. */
    static SortedSet<String> everything(Path directory) {
        if (!Files.isDirectory(directory)) {
            return new TreeSet<>();
        }
        try (Stream<Path> entries = Files.walk(directory)) {
            return new TreeSet<>(
                    entries.map(entry -> directory.relativize(entry).toString()).toList());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** The directory beside the live trees, where a store of this type keeps everything else. */
    static Path home(Path root, String driver) {
        return root.resolve("." + driver);
    }

    /** The records of a volume's snapshots. */
    static Path records(Path root, String driver, String volume) {
        return home(root, driver).resolve("catalog").resolve(volume).resolve("snapshots");
    }

    /** The trees of a volume's snapshots. */
    static Path trees(Path root, String driver, String volume) {
        return home(root, driver).resolve("snapshots").resolve(volume);
    }

    /** Which directories of the root are volumes of an rsync store: one mark each. */
    static Path marks(Path root) {
        return home(root, "rsync").resolve("driver").resolve(MARKS);
    }

    /**
     * What half-done work would leave: journal entries, and what lies in the driver's own directory, but for an
     * rsync store's marks of its volumes. Removed trees get the time that freeing them takes.
     */
    static List<String> unfinished(Path root, String driver) {
        awaitEmptyTrash(root, driver);
        Path home = home(root, driver);
        Stream<String> journal = names(home.resolve("journal")).stream().map(name -> "journal/" + name);
        Stream<String> staging = names(home.resolve("driver")).stream()
                .filter(stage -> !stage.equals(MARKS))
                .flatMap(stage -> names(home.resolve("driver").resolve(stage)).stream()
                        .map(name -> "driver/" + stage + "/" + name));
        return Stream.concat(journal, staging).toList();
    }

    /** Waits until a driver that removes trees in the background has done so. */
    static void awaitEmptyTrash(Path root, String driver) {
        Path trash = home(root, driver).resolve("driver/trash");
        long deadline = System.nanoTime() + 60_000_000_000L;
        while (!names(trash).isEmpty()) {
            if (System.nanoTime() > deadline) {
                throw new AssertionError(trash + " still holds " + names(trash));
            }
            Appliance.pause();
        }
    }

    /** Removes a tree of plain files. */
    static void remove(Path directory) {
        try {
            Files.walkFileTree(directory, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.delete(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException failure)
                        throws IOException {
                    Files.delete(visited);
                    return FileVisitResult.CONTINUE;
                }
            });
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
