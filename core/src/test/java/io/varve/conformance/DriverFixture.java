package io.varve.conformance;

import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What the kit needs to know of a driver to try it. One fixture serves all tests of a class; it is closed after the
 * last one and removes what it made.
 */
public interface DriverFixture extends AutoCloseable {
    /** The driver's provider; the same object each time. */
    DriverProvider provider();

    /** The options stores are opened with. */
    default Map<String, String> options() {
        return Map.of();
    }

    /** A directory where a store can be opened: empty, writable, another one at each call. */
    Path newRoot();

    /**
     * A root as {@link #newRoot} on a filesystem or pool with room for 16 to 256 MiB, to be filled to the brim; empty
     * where this host or user cannot make one.
     */
    default Optional<Path> newSmallRoot() {
        return Optional.empty();
    }

    /**
     * The class that another process makes its provider of, with its public constructor without parameters; the kit
     * starts such processes to kill them.
     */
    default String providerClass() {
        return provider().getClass().getName();
    }

    /** Places of the driver's own that hold something only while it works, and are empty or absent at rest. */
    default List<Path> stagingPlaces(StoreLayout layout) {
        return List.of();
    }

    /** The driver's crash points, where it has some. */
    default Optional<CrashPoints> crashPoints() {
        return Optional.empty();
    }

    /** Bytes a volume has at least, for drivers that give volumes a size. */
    default long smallestVolume() {
        return 300L << 20;
    }

    /** How many snapshots make a long list; less where one costs seconds. */
    default int manySnapshots() {
        return 300;
    }

    @Override
    void close();
}
