package io.varve.conformance;

import io.varve.linux.Directory;
import io.varve.linux.Kernel;
import io.varve.linux.RawName;
import io.varve.linux.Trees;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Roots for drivers that take any directory: in memory where that holds all a file can have. */
public final class TemporaryRoots implements AutoCloseable {
    private final Path place;
    private final List<MountedInside> mounted = new ArrayList<>();

    public TemporaryRoots() {
        try {
            place = Files.createTempDirectory(quickest(), "varve-conformance-");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** tmpfs keeps user attributes since Linux 6.6. */
    private static Path quickest() throws IOException {
        Path memory = Path.of("/dev/shm");
        Path usual = Path.of(System.getProperty("java.io.tmpdir"));
        if (!Files.isWritable(memory)) {
            return usual;
        }
        Path probe = Files.createTempFile(memory, "varve-probe-", "");
        try (Directory directory = Directory.open(memory)) {
            directory.setAttribute(RawName.of(probe.getFileName().toString()), "user.probe", new byte[1]);
            return memory;
        } catch (IOException without) {
            return usual;
        } finally {
            Files.delete(probe);
        }
    }

    /** A new empty directory. */
    public Path newRoot() {
        try {
            return Files.createTempDirectory(place, "root");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A new empty directory with a filesystem of 16 MiB of its own, which takes root to make. */
    public Optional<Path> newSmallRoot() {
        if (!Kernel.isRoot()) {
            return Optional.empty();
        }
        Path root = newRoot();
        mounted.add(MountedInside.sized(root, "16m"));
        return Optional.of(root);
    }

    /** Removes all of them. */
    @Override
    public void close() {
        mounted.forEach(MountedInside::close);
        try {
            Trees.remove(place);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
