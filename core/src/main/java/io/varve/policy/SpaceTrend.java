package io.varve.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How fast space is used: the straight line that fits what was seen best (least squares), and how uncertain its slope is.
 *
 * @param bytesPerDay the slope; negative where space is freed
 * @param error twice the standard error of the slope: of lines through what is noise about a line, 19 in 20 lie within
 */
record SpaceTrend(double bytesPerDay, double error) {
    /** Fewer looks than this, or a shorter time, say nothing about days. */
    static final int FEWEST = 12;

    static final Duration SHORTEST = Duration.ofHours(1);

    /** @param used bytes that were not available then */
    record Look(Instant time, long used) {}

    /**
     * In how many days there will be no space left.
     *
     * @param earliest where the slope is as steep as it may be
     * @param expected empty where space does not get less by the best line
     * @param latest where the slope is as flat as it may be; empty where that is never
     */
    record DaysToFull(double earliest, OptionalDouble expected, OptionalDouble latest) {}

    /** @param looks in the order of their times */
    static Optional<SpaceTrend> of(List<Look> looks) {
        if (looks.size() < FEWEST
                || Duration.between(looks.getFirst().time(), looks.getLast().time())
                                .compareTo(SHORTEST)
                        < 0) {
            return Optional.empty();
        }
        double[] days =
                looks.stream().mapToDouble(look -> days(looks.getFirst(), look)).toArray();
        double[] bytes = looks.stream().mapToDouble(Look::used).toArray();
        return Optional.of(fit(days, bytes));
    }

    private static double days(Look first, Look look) {
        return Duration.between(first.time(), look.time()).toMillis() / 86_400_000.0;
    }

    private static SpaceTrend fit(double[] x, double[] y) {
        double meanX = mean(x);
        double meanY = mean(y);
        double spread = 0;
        double together = 0;
        for (int i = 0; i < x.length; i++) {
            spread += (x[i] - meanX) * (x[i] - meanX);
            together += (x[i] - meanX) * (y[i] - meanY);
        }
        double slope = together / spread;
        double rest = 0;
        for (int i = 0; i < x.length; i++) {
            double off = y[i] - meanY - slope * (x[i] - meanX);
            rest += off * off;
        }
        return new SpaceTrend(slope, 2 * Math.sqrt(rest / (x.length - 2) / spread));
    }

    private static double mean(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum / values.length;
    }

    /** Empty where it will not be full even if the slope is as steep as it may be. */
    Optional<DaysToFull> daysToFull(long available) {
        OptionalDouble earliest = days(available, bytesPerDay + error);
        return earliest.isEmpty()
                ? Optional.empty()
                : Optional.of(new DaysToFull(
                        earliest.getAsDouble(), days(available, bytesPerDay), days(available, bytesPerDay - error)));
    }

    private static OptionalDouble days(long available, double slope) {
        return slope <= 0 ? OptionalDouble.empty() : OptionalDouble.of(available / slope);
    }
}
