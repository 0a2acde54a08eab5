package io.varve.conformance;

import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/** A driver whose process seems to die when it is told to, at one of the steps that its own test counts. */
public abstract class MortalDriverProvider implements DriverProvider, CrashPoints {
    private static final int DEAD = -1;

    private final DriverProvider working;
    private final int afterwards;
    private final AtomicInteger stepsLeft = new AtomicInteger();
    private final AtomicReference<Error> death = new AtomicReference<>(new AssertionError("not to be thrown"));

    /**
     * @param working the driver itself
     * @param forGood whether it does nothing more once it is dead, as a process that is gone; else only that step fails
     */
    protected MortalDriverProvider(DriverProvider working, boolean forGood) {
        this.working = working;
        this.afterwards = forGood ? DEAD : 0;
    }

    @Override
    public void dieAt(int step, Error how) {
        death.set(how);
        stepsLeft.set(step);
    }

    @Override
    public void live() {
        stepsLeft.set(0);
    }

    /** To be called before and after everything that changes something. */
    protected final void step() {
        int left = stepsLeft.get();
        if (left == DEAD || (left > 0 && stepsLeft.decrementAndGet() == 0)) {
            stepsLeft.set(afterwards);
            throw death.get();
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
