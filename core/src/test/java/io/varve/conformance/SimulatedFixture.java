package io.varve.conformance;

import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;

/** Simulated stores in temporary directories. */
public final class SimulatedFixture implements DriverFixture {
    private final SimulatedDriverProvider provider = new SimulatedDriverProvider();
    private final TemporaryRoots roots = new TemporaryRoots();
    private final Map<String, String> options;

    /** @param options see {@link SimulatedDriverProvider} */
    public SimulatedFixture(Map<String, String> options) {
        this.options = Map.copyOf(options);
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
        return roots.newRoot();
    }

    @Override
    public Optional<Path> newSmallRoot() {
        return roots.newSmallRoot();
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
        roots.close();
    }
}
