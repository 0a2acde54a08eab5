package io.varve.retention;

import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * Which snapshots to keep. A rule with the count 0 or the span {@code 0s} is off.
 *
 * @param last how many of the newest
 * @param counts how many hours, days, ... to keep one snapshot of
 * @param within the span inside which everything is kept
 * @param spans for hours, days, ...: the span inside which one snapshot of each is kept
 * @param tags patterns of tags whose snapshots are kept
 */
public record Keep(
        OptionalInt last,
        Map<Period, Integer> counts,
        Optional<Span> within,
        Map<Period, Span> spans,
        List<Glob> tags) {

    /** The count that never ends. */
    public static final int UNLIMITED = -1;

    public Keep {
        counts = inOrder(counts);
        spans = inOrder(spans);
        tags = List.copyOf(tags);
        last.ifPresent(count -> check("last", count));
        counts.forEach((period, count) -> check(period.countRule(), count));
    }

    /** No rule at all. */
    public static Keep none() {
        return new Keep(OptionalInt.empty(), Map.of(), Optional.empty(), Map.of(), List.of());
    }

    /** Whether there is no rule, or every rule is off. */
    public boolean isEmpty() {
        return last.orElse(0) == 0
                && counts.values().stream().allMatch(count -> count == 0)
                && within.map(Span::isZero).orElse(true)
                && spans.values().stream().allMatch(Span::isZero)
                && tags.isEmpty();
    }

    private static void check(String rule, int count) {
        if (count < UNLIMITED) {
            throw Refusal.invalid("the count of '" + rule + "' is " + count + "; write 0 or more, or -1 for unlimited");
        }
    }

    private static <T> Map<Period, T> inOrder(Map<Period, T> rules) {
        EnumMap<Period, T> sorted = new EnumMap<>(Period.class);
        sorted.putAll(rules);
        return Collections.unmodifiableMap(sorted);
    }
}
