package io.varve.driver.btrfs;

import io.varve.conformance.CrashPoints;
import io.varve.conformance.DriverFixture;
import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** Stores on a btrfs filesystem in a loop file. */
public final class BtrfsFixture implements DriverFixture {
    private static final long LARGE = 8L << 30;
    private static final long SMALL = 160L << 20;

    private final MortalProvider provider = new MortalProvider();
    private final BtrfsFilesystem filesystem = make(LARGE);
    private final List<BtrfsFilesystem> small = new ArrayList<>();

    private static BtrfsFilesystem make(long bytes) {
        try {
            return BtrfsFilesystem.make(bytes);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public DriverProvider provider() {
        return provider;
    }

    @Override
    public Path newRoot() {
        try {
            return Files.createTempDirectory(filesystem.path(), "root");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Override
    public Optional<Path> newSmallRoot() {
        BtrfsFilesystem made = make(SMALL);
        small.add(made);
        return Optional.of(made.path().resolve("root"));
    }

    @Override
    public List<Path> stagingPlaces(StoreLayout layout) {
        return Stream.of("creating", "building", "reverting")
                .map(layout.driverPrivate()::resolve)
                .toList();
    }

    @Override
    public Optional<CrashPoints> crashPoints() {
        return Optional.of(provider);
    }

    @Override
    public void close() {
        try {
            for (BtrfsFilesystem each : small) {
                each.close();
            }
            filesystem.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
