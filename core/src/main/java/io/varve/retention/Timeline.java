package io.varve.retention;

import java.time.Instant;
import java.time.ZoneId;
import java.util.List;

/**
 * The snapshots that rules count, newest first, none in the future, and the moment they are measured back from.
 */
record Timeline(List<Moment> moments, Moment reference, ZoneId zone) {

    /** Neighbours of one period, by their places in the timeline. */
    record Group(long period, int newest, int oldest) {
        int representative(Policy.Representative which) {
            return switch (which) {
                case NEWEST -> newest;
                case OLDEST -> oldest;
            };
        }
    }

    /**
     * @param oldestFirst the snapshots, none created after {@code now}
     */
    static Timeline of(List<Candidate> oldestFirst, Policy.Reference reference, Instant now, ZoneId zone) {
        List<Moment> moments = oldestFirst.reversed().stream()
                .map(candidate -> Moment.of(candidate.created(), zone))
                .toList();
        Moment present = Moment.of(now, zone);
        Moment newest = moments.isEmpty() ? present : moments.getFirst();
        return new Timeline(
                moments,
                switch (reference) {
                    case NEWEST -> newest;
                    case NOW -> present;
                },
                zone);
    }

    int size() {
        return moments.size();
    }

    /** How many snapshots, counted from the newest, are younger than the span is long. */
    int inside(Span span) {
        Instant start = span.before(reference.instant(), zone);
        int count = 0;
        while (count < size() && moments.get(count).instant().isAfter(start)) {
            count++;
        }
        return count;
    }

    /** The snapshots of one period from the place {@code newest} on, looking no further than {@code end}, exclusive. */
    Group group(Period period, int newest, int end) {
        long current = period.of(moments.get(newest));
        int next = newest + 1;
        while (next < end && period.of(moments.get(next)) == current) {
            next++;
        }
        return new Group(current, newest, next - 1);
    }

    /** How many periods back from the reference a group lies. */
    long back(Period period, Group group) {
        return period.back(period.of(reference), group.period());
    }
}
