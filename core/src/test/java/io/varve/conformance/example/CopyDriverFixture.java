package io.varve.conformance.example;

import io.varve.conformance.DriverFixture;
import io.varve.conformance.TemporaryRoots;
import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Copied stores in temporary directories. */
final class CopyDriverFixture implements DriverFixture {
    private final DriverProvider provider = new CopyDriverProvider();
    private final TemporaryRoots roots = new TemporaryRoots();

    @Override
    public DriverProvider provider() {
        return provider;
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
        return List.of(layout.driverPrivate());
    }

    @Override
    public int manySnapshots() {
        return 100;
    }

    @Override
    public void close() {
        roots.close();
    }
}
