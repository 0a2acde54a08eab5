package io.varve.volume;

import java.time.Clock;
import java.time.Duration;

/**
 * What stores get from outside.
 *
 * @param patience how long a call waits for another operation on the same volume before it is refused as BUSY
 * @param undoFor how long undo points are kept where the caller does not say
 */
public record Surroundings(Clock clock, Operations operations, Duration patience, UndoLifetime undoFor) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public Surroundings(Clock clock, Operations operations, Duration patience, Duration undoFor) {
        this(clock, operations, patience, UndoLifetime.of(undoFor));
    }

    public static Surroundings standard(Clock clock, Operations operations) {
        return standard(clock, operations, UndoLifetime.of(UndoLifetime.STANDARD));
    }

    public static Surroundings standard(Clock clock, Operations operations, UndoLifetime undoFor) {
        return new Surroundings(clock, operations, PATIENCE, undoFor);
    }
}
