package io.varve.conformance;

import org.jspecify.annotations.Nullable;

/** A thread that does the same again and again until it is told to end. */
final class Repeated {
    private final Thread thread;
    private volatile boolean ended;
    private volatile @Nullable Throwable failure;

    private Repeated(Runnable action) {
        thread = Thread.ofPlatform().daemon().unstarted(() -> repeat(action));
    }

    static Repeated start(Runnable action) {
        Repeated repeated = new Repeated(action);
        repeated.thread.start();
        return repeated;
    }

    private void repeat(Runnable action) {
        try {
            while (!ended) {
                action.run();
            }
        } catch (RuntimeException | AssertionError broken) {
            failure = broken;
        }
    }

    /** Ends the thread; throws what went wrong in it. */
    void end() throws InterruptedException {
        ended = true;
        thread.join();
        if (failure != null) {
            throw new AssertionError("meanwhile: " + failure, failure);
        }
    }
}
