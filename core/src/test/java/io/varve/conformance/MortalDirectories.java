package io.varve.conformance;

import io.varve.directories.DirectoryDriver;
import io.varve.directories.DirectorySettings;
import io.varve.directories.TreeMoves;
import io.varve.linux.Trash;
import io.varve.spi.Driver;
import io.varve.spi.DriverProvider;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** A driver of plain directories that dies before or after a step by which a tree changes its place. */
public abstract class MortalDirectories extends MortalDriverProvider {
    protected MortalDirectories(DriverProvider working) {
        super(working, false);
    }

    /** See {@link DriverFixture#stagingPlaces}. */
    public static List<Path> stagingPlaces(StoreLayout layout) {
        return Stream.of("staging", "imports", "intents", "trash")
                .map(layout.driverPrivate()::resolve)
                .toList();
    }

    protected abstract DirectorySettings settings(StoreLayout layout, Map<String, String> options);

    /** The driver's moves, which call {@link #step} before and after each. */
    protected abstract TreeMoves moves(Trash trash);

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        return DirectoryDriver.open(layout, settings(layout, options).with(this::moves));
    }
}
