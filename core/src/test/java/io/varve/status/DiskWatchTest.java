package io.varve.status;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.ZoneOffset;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

class DiskWatchTest {
    private static final Instant START = Instant.parse("2026-01-01T00:00:00Z");

    private final Deque<Instant> times = new ArrayDeque<>();
    private final Deque<String> counters = new ArrayDeque<>();
    private final InstantSource clock = times::removeFirst;
    private final DiskWatch watch = new DiskWatch(this::next, clock.withZone(ZoneOffset.UTC));

    private DiskStatistics next() throws IOException {
        String text = counters.removeFirst();
        if (text.isEmpty()) {
            throw new IOException("no /proc/diskstats");
        }
        return DiskStatistics.parse(text, UnaryOperator.identity());
    }

    private void look(Duration after, String text) {
        times.add(START.plus(after));
        counters.add(text);
        watch.look();
    }

    private static String disk(long reads) {
        return "8 0 sda " + reads + " 0 800 40 0 0 0 0 0 40 40\n";
    }

    @Test
    void oneLookSaysNothingYet() {
        look(Duration.ZERO, disk(100));

        assertThat(watch.report()).isEmpty();
    }

    @Test
    void twoLooksGiveTheUseInBetween() {
        look(Duration.ZERO, disk(100));
        look(Duration.ofSeconds(10), disk(200));

        DiskWatch.Report report = watch.report().orElseThrow();
        assertThat(report.taken()).isEqualTo(START.plusSeconds(10));
        assertThat(report.over()).isEqualTo(Duration.ofSeconds(10));
        assertThat(report.devices().values()).singleElement().satisfies(use -> assertThat(use.readsPerSecond())
                .isEqualTo(10));
    }

    @Test
    void theLastReportStaysWhereTheKernelGivesNoneAndWhereTheClockIsPutBack() {
        look(Duration.ZERO, disk(100));
        look(Duration.ofSeconds(10), disk(200));
        DiskWatch.Report report = watch.report().orElseThrow();

        look(Duration.ofSeconds(20), "");
        assertThat(watch.report()).contains(report);
        look(Duration.ofSeconds(5), disk(300));
        assertThat(watch.report()).contains(report);

        look(Duration.ofSeconds(15), disk(400));
        assertThat(watch.report().orElseThrow().over()).isEqualTo(Duration.ofSeconds(10));
    }

    @Test
    void thisHostHasFiguresOrNoneAndNeverAFailure() {
        DiskWatch here = new DiskWatch(DiskStatistics::read, Clock.systemUTC());

        List.of(1, 2).forEach(time -> here.look());

        assertThat(here.report().map(report -> report.over().isNegative())).isNotEqualTo(Optional.of(true));
    }
}
