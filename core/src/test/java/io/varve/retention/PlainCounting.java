package io.varve.retention;

import io.varve.spi.SnapshotLabel;

import java.time.Instant;
import java.time.ZoneId;
import java.time.ZonedDateTime;
import java.time.temporal.IsoFields;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BiFunction;

/**
 * The sentences of the outer contract on counting, one after the other and without thought for speed: the measure the real
 * thing is held against. Defaults alone; all snapshots are the policy's own and none is in the future.
 */
final class PlainCounting {
    private final List<Candidate> newestFirst;
    private final ZoneId zone;
    private final Set<SnapshotLabel> kept = new HashSet<>();

    private PlainCounting(List<Candidate> snapshots, ZoneId zone) {
        this.newestFirst = snapshots.stream()
                .sorted(Comparator.comparing(Candidate::created)
                        .thenComparing(Candidate::label)
                        .reversed())
                .toList();
        this.zone = zone;
    }

    static Set<SnapshotLabel> keep(List<Candidate> snapshots, Keep keep, ZoneId zone) {
        PlainCounting counting = new PlainCounting(snapshots, zone);
        counting.count(keep.last().orElse(0), (time, place) -> place);
        keep.counts().forEach((period, count) -> counting.count(count, (time, place) -> name(period, time)));
        keep.within().ifPresent(span -> counting.within(span, (time, place) -> place));
        keep.spans().forEach((period, span) -> counting.within(span, (time, place) -> name(period, time)));
        return counting.kept;
    }

    private void count(int count, BiFunction<ZonedDateTime, Integer, Object> period) {
        int left = count == -1 ? Integer.MAX_VALUE : count;
        Object last = "none";
        for (int place = 0; place < newestFirst.size() && left > 0; place++) {
            Object current = period.apply(time(place), place);
            if (!current.equals(last) || place == newestFirst.size() - 1) {
                kept.add(newestFirst.get(place).label());
                last = current;
                left--;
            }
        }
    }

    private void within(Span span, BiFunction<ZonedDateTime, Integer, Object> period) {
        if (newestFirst.isEmpty() || span.isZero()) {
            return;
        }
        Instant start = span.before(newestFirst.getFirst().created(), zone);
        Object last = "none";
        for (int place = 0; place < newestFirst.size(); place++) {
            Object current = period.apply(time(place), place);
            boolean chosen = !current.equals(last) || place == newestFirst.size() - 1;
            if (chosen && newestFirst.get(place).created().isAfter(start)) {
                kept.add(newestFirst.get(place).label());
                last = current;
            }
        }
    }

    private ZonedDateTime time(int place) {
        return newestFirst.get(place).created().atZone(zone);
    }

    /** A text that only moments of the same period share. */
    private static String name(Period period, ZonedDateTime time) {
        return switch (period) {
            case HOURLY -> time.toLocalDate() + " " + time.getHour() + " " + time.getOffset();
            case DAILY -> time.toLocalDate().toString();
            case WEEKLY -> time.get(IsoFields.WEEK_BASED_YEAR) + "W" + time.get(IsoFields.WEEK_OF_WEEK_BASED_YEAR);
            case MONTHLY -> time.getYear() + " " + time.getMonth();
            case QUARTERLY -> time.getYear() + " " + time.get(IsoFields.QUARTER_OF_YEAR);
            case YEARLY -> String.valueOf(time.getYear());
        };
    }
}
