package io.varve.conformance;

import java.time.Duration;

/** The waiting that no event announces the end of. */
final class Pause {
    private Pause() {}

    static void briefly() {
        of(Duration.ofMillis(20));
    }

    static void of(Duration time) {
        try {
            Thread.sleep(time);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
