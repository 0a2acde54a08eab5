package io.varve.access;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** Counts who was not let in lately. Thread-safe; what it remembers is bounded. */
public final class Guesses {
    /** How many may be wrong in {@link #WINDOW}: plenty for a typing error, nothing for a machine. */
    public static final int ALLOWED = 20;

    public static final Duration WINDOW = Duration.ofMinutes(1);

    private static final int REMEMBERED = 10_000;

    private final Clock clock;
    private final Map<String, Tally> tallies = new LinkedHashMap<>() {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Tally> eldest) {
            return size() > REMEMBERED;
        }
    };

    private record Tally(Instant since, int count) {
        boolean isCurrent(Instant now) {
            return !now.isBefore(since) && now.isBefore(since.plus(WINDOW));
        }
    }

    public Guesses(Clock clock) {
        this.clock = clock;
    }

    /** Notes that somebody was not let in. @return whether that was once too often */
    public synchronized boolean failed(String who) {
        Instant now = clock.instant();
        Tally next = Optional.ofNullable(tallies.get(who))
                .filter(tally -> tally.isCurrent(now))
                .map(tally -> new Tally(tally.since, tally.count + 1))
                .orElse(new Tally(now, 1));
        tallies.put(who, next);
        return next.count > ALLOWED;
    }
}
