package io.varve.conformance;

import io.varve.linux.Directory;
import io.varve.linux.Kernel;
import io.varve.linux.RawName;
import io.varve.linux.Trees;
import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Simulated stores in a temporary directory. */
public final class SimulatedFixture implements DriverFixture {
    private final SimulatedDriverProvider provider = new SimulatedDriverProvider();
    private final Map<String, String> options;
    private final Path place;
    private final List<Path> mounted = new ArrayList<>();

    /** @param options see {@link SimulatedDriverProvider} */
    public SimulatedFixture(Map<String, String> options) {
        this.options = Map.copyOf(options);
        try {
            this.place = Files.createTempDirectory(quickest(), "varve-simulated-");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** Memory, where it holds all a file can have (tmpfs keeps user attributes since Linux 6.6), else the usual place. */
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

    @Override
    public DriverProvider provider() {
        return provider;
    }

    @Override
    public Map<String, String> options() {
        return options;
    }

    @Override
    public Path newRoot() {
        try {
            return Files.createTempDirectory(place, "root");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Optional<Path> newSmallRoot() {
        if (!Kernel.isRoot()) {
            return Optional.empty();
        }
        Path root = newRoot();
        MountedInside.mount(root, "16m");
        mounted.add(root);
        return Optional.of(root);
    }

    @Override
    public List<Path> stagingPlaces(StoreLayout layout) {
        return Stream.of("staging", "builds", "switches", "trash")
                .map(layout.driverPrivate()::resolve)
                .toList();
    }

    @Override
    public Optional<CrashPoints> crashPoints() {
        return Optional.of(provider.behaviour());
    }

    @Override
    public void close() {
        mounted.forEach(MountedInside::unmount);
        try {
            Trees.remove(place);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
