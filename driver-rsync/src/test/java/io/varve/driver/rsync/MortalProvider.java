package io.varve.driver.rsync;

import io.varve.conformance.CrashPoints;
import io.varve.directories.DirectoryDriver;
import io.varve.directories.TreeMoves;
import io.varve.linux.Trash;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The rsync driver, whose process seems to die before or after any step by which a tree changes its place. */
public final class MortalProvider implements DriverProvider, CrashPoints {
    private final DriverProvider working = new RsyncDriverProvider();
    private final AtomicInteger stepsLeft = new AtomicInteger();
    private final AtomicReference<Error> death = new AtomicReference<>(new AssertionError("not to be thrown"));

    @Override
    public void dieAt(int step, Error how) {
        death.set(how);
        stepsLeft.set(step);
    }

    @Override
    public void live() {
        stepsLeft.set(0);
    }

    private void step() {
        if (stepsLeft.get() > 0 && stepsLeft.decrementAndGet() == 0) {
            throw death.get();
        }
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        return DirectoryDriver.open(
                layout, RsyncDriverProvider.settings(options).with(Stepping::new));
    }

    private final class Stepping extends TreeMoves {
        Stepping(Trash trash) {
            super(trash);
        }

        @Override
        public void move(Path from, Path to) throws IOException {
            step();
            super.move(from, to);
            step();
        }

        @Override
        public void exchange(Path one, Path other) throws IOException {
            step();
            super.exchange(one, other);
            step();
        }

        @Override
        public void discard(Path tree) throws IOException {
            step();
            super.discard(tree);
            step();
        }

        @Override
        public void sync(Path directory) throws IOException {
            step();
            super.sync(directory);
            step();
        }
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
