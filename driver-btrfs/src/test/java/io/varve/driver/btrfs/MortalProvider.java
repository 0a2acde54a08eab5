package io.varve.driver.btrfs;

import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** The btrfs driver, whose process seems to die before or after any of its calls on subvolumes. */
public final class MortalProvider implements DriverProvider {
    private final DriverProvider working = new BtrfsDriverProvider();
    private final AtomicInteger stepsLeft = new AtomicInteger();
    private final AtomicReference<Error> death = new AtomicReference<>(new AssertionError("not to be thrown"));

    /** Throws {@code how} at a step of what comes, out of whatever is done there; the first step is 1. */
    public void dieAt(int step, Error how) {
        death.set(how);
        stepsLeft.set(step);
    }

    /** Dies no more. */
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
        try {
            return new BtrfsDriver(layout, new Stepping(new IoctlSubvolumes()), true);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private final class Stepping implements Subvolumes {
        private final Subvolumes real;

        Stepping(Subvolumes real) {
            this.real = real;
        }

        @Override
        public void create(Path path) throws IOException {
            step();
            real.create(path);
            step();
        }

        @Override
        public void snapshot(Path source, Path target, Access access) throws IOException {
            step();
            real.snapshot(source, target, access);
            step();
        }

        @Override
        public void delete(Path path) throws IOException {
            step();
            real.delete(path);
            step();
        }

        @Override
        public void makeReadOnly(Path path) throws IOException {
            step();
            real.makeReadOnly(path);
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
