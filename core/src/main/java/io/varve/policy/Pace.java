package io.varve.policy;

import java.time.Duration;

/**
 * The pace at which many snapshots are removed: after each, a rest of as long as it took, so that a disk has at least half of
 * its time for others.
 */
final class Pace {
    private static final Duration LONGEST_REST = Duration.ofSeconds(2);

    private Pace() {}

    /** Removes, then rests. */
    static void after(Runnable removal) {
        long start = System.nanoTime();
        removal.run();
        Duration taken = Duration.ofNanos(System.nanoTime() - start);
        try {
            Thread.sleep(taken.compareTo(LONGEST_REST) < 0 ? taken : LONGEST_REST);
        } catch (InterruptedException interrupted) {
            // What comes next asks for the volume and is told then.
            Thread.currentThread().interrupt();
        }
    }
}
