package io.varve.policy;

import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Random;
import java.util.function.IntToLongFunction;
import java.util.stream.IntStream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

class SpaceTrendTest {
    private static final Instant START = Instant.parse("2026-03-05T12:00:00Z");
    private static final long GIB = 1L << 30;

    /** As many looks, an hour apart. */
    private static List<SpaceTrend.Look> hourly(int count, IntToLongFunction used) {
        return IntStream.range(0, count)
                .mapToObj(i -> new SpaceTrend.Look(START.plus(Duration.ofHours(i)), used.applyAsLong(i)))
                .toList();
    }

    private static SpaceTrend.DaysToFull full(List<SpaceTrend.Look> looks, long available) {
        return SpaceTrend.of(looks).orElseThrow().daysToFull(available).orElseThrow();
    }

    @Test
    void aSteadyGrowthIsFullWhenItHasUsedWhatIsLeft() {
        SpaceTrend.DaysToFull days = full(hourly(48, hour -> 100 * GIB + hour * GIB), 240 * GIB);

        assertThat(days.expected().orElseThrow()).isCloseTo(10, within(0.001));
        assertThat(days.earliest()).isCloseTo(10, within(0.001));
        assertThat(days.latest().orElseThrow()).isCloseTo(10, within(0.001));
    }

    @Test
    void theRangeIsAsWideAsWhatWasSeenIsUneven() {
        Random random = new Random(5);
        List<SpaceTrend.Look> looks =
                hourly(48, hour -> 100 * GIB + hour * GIB + (long) (random.nextGaussian() * 8 * GIB));

        SpaceTrend.DaysToFull days = full(looks, 240 * GIB);

        assertThat(days.earliest()).isLessThan(days.expected().orElseThrow()).isGreaterThan(5);
        assertThat(days.latest().orElseThrow()).isGreaterThan(days.expected().orElseThrow());
        assertThat(days.earliest()).isLessThan(10);
        assertThat(days.latest().orElseThrow()).isGreaterThan(10);
    }

    @Test
    void ofMereNoiseItIsNotKnownWhetherItEverIsFull() {
        Random random = new Random(5);
        List<SpaceTrend.Look> looks = hourly(48, hour -> 100 * GIB + (long) (random.nextGaussian() * GIB));

        assertThat(full(looks, 240 * GIB).latest()).isEmpty();
    }

    @Test
    void whatGetsLessIsNeverFull() {
        assertThat(SpaceTrend.of(hourly(48, hour -> 100 * GIB - hour * GIB))
                        .orElseThrow()
                        .daysToFull(GIB))
                .isEmpty();
        assertThat(SpaceTrend.of(hourly(48, hour -> GIB)).orElseThrow().daysToFull(GIB))
                .isEmpty();
    }

    @Test
    void fewLooksOrAShortTimeSayNothing() {
        assertThat(SpaceTrend.of(List.of())).isEmpty();
        assertThat(SpaceTrend.of(hourly(SpaceTrend.FEWEST - 1, hour -> hour * GIB)))
                .isEmpty();
        List<SpaceTrend.Look> minutes = IntStream.range(0, 50)
                .mapToObj(i -> new SpaceTrend.Look(START.plus(Duration.ofMinutes(i)), i * GIB))
                .toList();
        assertThat(SpaceTrend.of(minutes)).isEmpty();
    }
}
