package io.varve.conformance;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How simulated drivers behave. Their work is a chain of named steps ({@link Step}); at each they can be slow, fail,
 * wait for a test, or die. Thread-safe.
 */
public final class SimulatedBehaviour implements CrashPoints {
    private final Map<Step, Runnable> actions = new ConcurrentHashMap<>();
    private final AtomicInteger countdown = new AtomicInteger();
    private final AtomicReference<Optional<Error>> death = new AtomicReference<>(Optional.empty());
    private volatile Duration delay = Duration.ZERO;

    /** What a simulated driver is about to do. */
    public enum Step {
        PREPARE_VOLUME,
        PLACE_VOLUME,
        TAKE_VOLUME_AWAY,
        COPY_TREE,
        COPY_FILE,
        PLACE_SNAPSHOT,
        TAKE_SNAPSHOT_AWAY,
        PREPARE_SWITCH,
        SWITCH,
        PLACE_UNDO,
        RECORD_LIMIT,
        EMPTY_TRASH
    }

    /** Lets every step take longer. */
    public void delayEachStep(Duration longer) {
        delay = longer;
    }

    /** Does something each time a step is reached, in the driver's thread; an exception fails the driver's call. */
    public void at(Step step, Runnable action) {
        actions.put(step, action);
    }

    /** Forgets all delays, actions and deaths. */
    public void reset() {
        actions.clear();
        delay = Duration.ZERO;
        live();
    }

    @Override
    public void dieAt(int step, Error how) {
        death.set(Optional.of(how));
        countdown.set(step);
    }

    @Override
    public void live() {
        death.set(Optional.empty());
        countdown.set(0);
    }

    void reach(Step step) {
        sleep();
        Runnable action = actions.get(step);
        if (action != null) {
            action.run();
        }
        Optional<Error> how = death.get();
        if (how.isPresent() && countdown.decrementAndGet() == 0) {
            throw how.get();
        }
    }

    private void sleep() {
        try {
            Thread.sleep(delay);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
