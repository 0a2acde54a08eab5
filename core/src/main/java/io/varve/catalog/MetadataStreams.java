package io.varve.catalog;

import io.varve.linux.DurableFiles;
import io.varve.linux.Trees;

import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.TreeSet;

/** The named byte streams of one snapshot. Writing the same name again replaces it, whole or not at all. */
public final class MetadataStreams {
    private final Path directory;
    private final Path staging;

    /** @param staging where content is while it comes in: on the same filesystem, whatever happens to the snapshot */
    MetadataStreams(Path directory, Path staging) {
        this.directory = directory;
        this.staging = staging;
    }

    /** The last, quick step of a write. */
    public interface Placing {
        void run() throws IOException;
    }

    /** Lets the last step happen, or refuses it. */
    public interface Gate {
        void pass(Placing placing) throws IOException;
    }

    /** Keeps everything the stream has. */
    public void write(MetadataName name, InputStream content) throws IOException {
        write(name, content, Placing::run);
    }

    /** Reads everything the stream has, however long that takes, and then keeps it where the gate lets it. */
    public void write(MetadataName name, InputStream content, Gate gate) throws IOException {
        Path temporary = DurableFiles.temporary(staging.resolve("metadata"));
        try {
            Files.copy(content, temporary);
            try (FileChannel channel = FileChannel.open(temporary, StandardOpenOption.WRITE)) {
                channel.force(true);
            }
            gate.pass(() -> place(temporary, name));
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void place(Path content, MetadataName name) throws IOException {
        DurableFiles.makeDirectories(directory);
        Files.move(content, directory.resolve(name.fileName()), StandardCopyOption.ATOMIC_MOVE);
        DurableFiles.syncDirectory(directory);
    }

    /** The content, to be closed by the caller; empty where there is none of that name. */
    public Optional<InputStream> read(MetadataName name) throws IOException {
        try {
            return Optional.of(Files.newInputStream(directory.resolve(name.fileName())));
        } catch (NoSuchFileException absent) {
            return Optional.empty();
        }
    }

    /** The names with their sizes in bytes, sorted. */
    public SortedMap<String, Long> sizes() throws IOException {
        SortedMap<String, Long> sizes = new TreeMap<>();
        for (Path file : files()) {
            Optional<MetadataName> name =
                    MetadataName.ofFileName(file.getFileName().toString());
            if (name.isPresent()) {
                sizes.put(name.get().value(), Files.size(file));
            }
        }
        return sizes;
    }

    private Set<Path> files() throws IOException {
        Set<Path> files = new TreeSet<>();
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, file -> isContent(file))) {
            found.forEach(files::add);
        } catch (NoSuchFileException none) {
            return Set.of();
        }
        return files;
    }

    private static boolean isContent(Path file) {
        return !file.getFileName().toString().startsWith(".");
    }

    void remove() throws IOException {
        Trees.remove(directory);
    }
}
