package io.varve.driver.devicemapper;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Suspends devices for a short while. Whoever writes to a suspended device waits, so it goes on at the deadline, whatever
 * the kernel still has to do for the one who suspended it. Any thread.
 */
final class Suspensions implements AutoCloseable {
    /** Far longer than a snapshot takes, shorter than applications wait before they give up. */
    static final Duration DEADLINE = Duration.ofSeconds(10);

    private static final long AGAIN_MILLIS = 500;
    private static final Duration IDLE = Duration.ofSeconds(30);

    private final ThinPools pool;
    private final Duration deadline;
    private final ScheduledThreadPoolExecutor watch;

    Suspensions(ThinPools pool, Duration deadline) {
        this.pool = pool;
        this.deadline = deadline;
        this.watch = new ScheduledThreadPoolExecutor(
                1, Thread.ofPlatform().daemon().name("varve-suspension-watch").factory());
        watch.setRemoveOnCancelPolicy(true);
        watch.setKeepAliveTime(IDLE.toMillis(), TimeUnit.MILLISECONDS);
        watch.allowCoreThreadTimeOut(true);
    }

    /** What is done while a device is suspended. */
    interface Step {
        void run() throws IOException;
    }

    private enum State {
        SUSPENDED,
        ENDED,
        TOO_LATE
    }

    /**
     * Suspends a device, runs a step, and lets the device go on: after the step, and at the deadline in any case, counted
     * from the beginning of the suspension.
     *
     * @return whether the device was suspended until the step's end
     */
    boolean during(int id, Step step) throws IOException {
        AtomicReference<State> state = new AtomicReference<>(State.SUSPENDED);
        Future<?> alarm = watch.scheduleWithFixedDelay(
                () -> resumeLate(id, state), deadline.toMillis(), AGAIN_MILLIS, TimeUnit.MILLISECONDS);
        try {
            pool.suspend(id);
            step.run();
        } finally {
            state.compareAndSet(State.SUSPENDED, State.ENDED);
            alarm.cancel(false);
            pool.resume(id);
        }
        return state.get() == State.ENDED;
    }

    /** Repeated, since the kernel may be about to suspend the device when it is resumed. */
    private void resumeLate(int id, AtomicReference<State> state) {
        if (state.compareAndSet(State.SUSPENDED, State.TOO_LATE) || state.get() == State.TOO_LATE) {
            try {
                pool.resume(id);
            } catch (IOException notYet) {
                // It is tried again, and whoever suspended it tries it too and tells.
                return;
            }
        }
    }

    @Override
    public void close() {
        watch.shutdownNow();
    }
}
