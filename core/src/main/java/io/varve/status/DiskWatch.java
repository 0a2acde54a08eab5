package io.varve.status;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.SortedMap;
import java.util.concurrent.atomic.AtomicReference;

/** Keeps how disks were used between the last two looks at the kernel's counters. Thread-safe. */
public final class DiskWatch {
    /** Where the counters come from. */
    @FunctionalInterface
    public interface Source {
        DiskStatistics read() throws IOException;
    }

    private final Source source;
    private final Clock clock;
    private final AtomicReference<Look> last = new AtomicReference<>(new Look(Optional.empty(), Optional.empty()));

    private record Look(Optional<Counted> counted, Optional<Report> report) {}

    private record Counted(Instant time, DiskStatistics statistics) {}

    /**
     * The use of every device over a while.
     *
     * @param taken the end of it
     * @param over its length
     */
    public record Report(Instant taken, Duration over, SortedMap<String, DiskStatistics.Use> devices) {}

    public DiskWatch(Source source, Clock clock) {
        this.source = source;
        this.clock = clock;
    }

    /** Looks again. Where the kernel gives no counters, the report before stays, with its age. */
    public void look() {
        try {
            Counted now = new Counted(clock.instant(), source.read());
            last.updateAndGet(before -> new Look(
                    Optional.of(now),
                    before.counted.flatMap(earlier -> report(earlier, now)).or(before::report)));
        } catch (IOException none) {
            // Absent figures are no failure: nothing depends on them.
        }
    }

    /** Nothing can be said of no time, nor after the clock was put back. */
    private static Optional<Report> report(Counted earlier, Counted now) {
        Duration over = Duration.between(earlier.time, now.time);
        return over.isPositive()
                ? Optional.of(new Report(now.time, over, now.statistics.since(earlier.statistics, over)))
                : Optional.empty();
    }

    /** Empty until there were two looks. */
    public Optional<Report> report() {
        return last.get().report();
    }
}
