package io.varve.retention;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** Applies every rule of a {@link Keep} to a timeline and notes, for each snapshot, which rules keep it. */
final class Rules {
    private final Timeline timeline;
    private final Policy policy;
    private final List<List<String>> reasons;

    private Rules(Timeline timeline, Policy policy) {
        this.timeline = timeline;
        this.policy = policy;
        this.reasons = new ArrayList<>(Collections.nCopies(timeline.size(), List.of()));
    }

    /**
     * For each snapshot of the timeline, in its order, the rules that keep it. Tags are not looked at: they protect
     * snapshots whether or not a rule names them.
     */
    static List<List<String>> reasons(Timeline timeline, Keep keep, Policy policy) {
        Rules rules = new Rules(timeline, policy);
        rules.last(keep.last().orElse(0));
        keep.within().ifPresent(rules::within);
        keep.counts().forEach(rules::count);
        keep.spans().forEach(rules::onePerPeriodWithin);
        return rules.reasons;
    }

    private void last(int limit) {
        for (int i = 0; i < timeline.size() && allows(limit, i + 1L); i++) {
            keep(i, counted("last", i + 1L, limit));
        }
    }

    private void within(Span span) {
        String reason = "within " + span;
        int inside = inside(span);
        for (int i = 0; i < inside; i++) {
            keep(i, reason);
        }
    }

    private void count(Period period, int limit) {
        long number = 0;
        int kept = -1;
        for (int place = 0; place < timeline.size(); ) {
            Timeline.Group group = timeline.group(period, place, timeline.size());
            long next = number(period, group, number);
            if (!allows(limit, next)) {
                return;
            }
            number = next;
            kept = group.representative(policy.representative());
            keep(kept, counted(period.countRule(), number, limit));
            place = group.oldest() + 1;
        }
        // A rule with count left holds on to the oldest snapshot: history grows until the count is used.
        if (isBeforeOldest(kept) && allows(limit, number + 1)) {
            keep(timeline.size() - 1, counted(period.countRule(), number + 1, limit));
        }
    }

    private long number(Period period, Timeline.Group group, long previous) {
        return switch (policy.gaps()) {
            case SKIP -> previous + 1;
            case COUNT -> timeline.back(period, group) + 1;
        };
    }

    private void onePerPeriodWithin(Period period, Span span) {
        int inside = inside(span);
        int number = 0;
        int kept = -1;
        for (int place = 0; place < inside; ) {
            Timeline.Group group = timeline.group(period, place, inside);
            kept = group.representative(policy.representative());
            keep(kept, spanned(period, ++number, span));
            keepRest(group, kept, period, span);
            place = group.oldest() + 1;
        }
        if (inside == timeline.size() && isBeforeOldest(kept)) {
            keep(timeline.size() - 1, spanned(period, number + 1, span));
        }
    }

    private void keepRest(Timeline.Group group, int kept, Period period, Span span) {
        switch (policy.combine()) {
            case ANY -> {}
            case ALL -> {
                String reason = "inside " + period.spanRule() + " " + span;
                for (int i = group.newest(); i <= group.oldest(); i++) {
                    if (i != kept) {
                        keep(i, reason);
                    }
                }
            }
        }
    }

    private int inside(Span span) {
        return span.isZero() ? 0 : timeline.inside(span);
    }

    private boolean isBeforeOldest(int kept) {
        return kept >= 0 && kept < timeline.size() - 1;
    }

    private void keep(int place, String reason) {
        if (reasons.get(place).isEmpty()) {
            reasons.set(place, new ArrayList<>(2));
        }
        reasons.get(place).add(reason);
    }

    private static boolean allows(int limit, long number) {
        return limit == Keep.UNLIMITED || number <= limit;
    }

    private static String counted(String rule, long number, int limit) {
        return rule + " " + number + "/" + (limit == Keep.UNLIMITED ? "unlimited" : limit);
    }

    private static String spanned(Period period, long number, Span span) {
        return period.spanRule() + " " + number + "/" + span;
    }
}
