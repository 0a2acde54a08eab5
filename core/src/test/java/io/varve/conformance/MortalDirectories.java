package io.varve.conformance;

import io.varve.directories.DirectoryDriver;
import io.varve.directories.DirectorySettings;
import io.varve.directories.TreeMoves;
import io.varve.linux.Trash;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A driver of plain directories, whose process seems to die before or after any step by which a tree changes its place. */
public abstract class MortalDirectories implements DriverProvider, CrashPoints {
    private final DriverProvider working;
    private final AtomicInteger stepsLeft = new AtomicInteger();
    private final AtomicReference<Error> death = new AtomicReference<>(new AssertionError("not to be thrown"));

    protected MortalDirectories(DriverProvider working) {
        this.working = working;
    }

    protected abstract DirectorySettings settings(StoreLayout layout, Map<String, String> options);

    /** The driver's moves, which call {@link #step} before and after each. */
    protected abstract TreeMoves moves(Trash trash);

    @Override
    public void dieAt(int step, Error how) {
        death.set(how);
        stepsLeft.set(step);
    }

    @Override
    public void live() {
        stepsLeft.set(0);
    }

    protected final void step() {
        if (stepsLeft.get() > 0 && stepsLeft.decrementAndGet() == 0) {
            throw death.get();
        }
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        return DirectoryDriver.open(layout, settings(layout, options).with(this::moves));
    }

    @Override
    public DriverType type() {
        return working.type();
    }

    @Override
    public List<DriverOption> options() {
        return working.options();
    }

    @Override
    public Set<Capability> capabilities() {
        return working.capabilities();
    }

    @Override
    public Availability probe(Path root) {
        return working.probe(root);
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return working.problems(options);
    }
}
