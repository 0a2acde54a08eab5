package io.varve.retention;

import io.varve.spi.SnapshotLabel;

import java.lang.management.ManagementFactory;
import java.time.Instant;
import java.time.ZoneId;
import java.util.List;
import java.util.stream.IntStream;

/** Prints how much processor time a plan takes, warm. Run by hand; speed is no test. */
final class RetentionSpeed {
    private static final int ROUNDS = 40;

    private RetentionSpeed() {}

    public static void main(String[] arguments) {
        Policy policy = Given.keeping(
                "last: 3, within: '24h', hourly: 24, daily: 7, weekly: 4, monthly: 12, yearly: 3,"
                        + "withinHourly: '2d', withinDaily: '30d', withinWeekly: '1y', withinMonthly: '2y', withinYearly: '10y'");
        for (int count : List.of(1_000, 10_000, 100_000)) {
            for (String zone : List.of("UTC", "Europe/Vienna")) {
                measure(everyTenMinutes(count), policy, ZoneId.of(zone));
            }
        }
    }

    private static List<Candidate> everyTenMinutes(int count) {
        return IntStream.range(0, count)
                .mapToObj(number -> Candidate.ofPolicy(
                        Given.NAME,
                        SnapshotLabel.of("auto-" + number),
                        Instant.parse("2022-01-01T00:00:00Z").plusSeconds(600L * number)))
                .toList();
    }

    private static void measure(List<Candidate> snapshots, Policy policy, ZoneId zone) {
        long[] nanos = new long[ROUNDS];
        int removed = 0;
        for (int round = 0; round < ROUNDS; round++) {
            long start = cpuTime();
            removed = Retention.plan(snapshots, policy, Given.LATER, zone)
                    .remove()
                    .size();
            nanos[round] = cpuTime() - start;
        }
        long[] warm = IntStream.range(ROUNDS / 2, ROUNDS)
                .mapToLong(round -> nanos[round])
                .sorted()
                .toArray();
        System.out.printf(
                "%,d snapshots, %s: median %.1f ms, worst %.1f ms, first %.1f ms, %,d removed%n",
                snapshots.size(),
                zone,
                warm[warm.length / 2] / 1e6,
                warm[warm.length - 1] / 1e6,
                nanos[0] / 1e6,
                removed);
    }

    /** Of this thread, so that a busy machine does not spoil the figure. */
    private static long cpuTime() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }
}
