package io.varve.volume;

import java.time.Clock;
import java.time.Duration;

/**
 * What stores get from outside.
 *
 * @param patience how long a call waits for another operation on the same volume before it is refused as BUSY
 * @param undoFor how long undo points are kept where the caller does not say
 */
public record Surroundings(Clock clock, Operations operations, Duration patience, Duration undoFor) {
    public static Surroundings standard(Clock clock, Operations operations) {
        return new Surroundings(clock, operations, Duration.ofSeconds(60), Duration.ofHours(24));
    }
}
