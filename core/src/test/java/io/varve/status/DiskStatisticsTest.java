package io.varve.status;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.time.Duration;
import java.util.function.UnaryOperator;

import static org.assertj.core.api.Assertions.assertThat;

class DiskStatisticsTest {
    private static final Duration TEN_SECONDS = Duration.ofSeconds(10);
    private static final String BEFORE = """
               8       0 sda 1000 5 20000 300 500 7 8000 700 0 900 1000 0 0 0 0 0 0
             253       0 dm-0 10 0 80 5 20 0 160 15 0 20 20
             253       1 dm-1 900 0 0 0 900 0 0 0 0 0 0
            """;
    private static final String AFTER = """
               8       0 sda 1100 5 22000 500 600 7 8400 900 2 5900 1400 0 0 0 0 0 0
             253       0 dm-0 10 0 80 5 20 0 160 15 0 20 20
             253       1 dm-1 3 0 0 0 900 0 0 0 0 0 0
               8      16 sdb 50 0 0 0 50 0 0 0 0 0 0
            """;

    private final DiskStatistics before = DiskStatistics.parse(BEFORE, UnaryOperator.identity());
    private final DiskStatistics after = DiskStatistics.parse(AFTER, UnaryOperator.identity());

    @Test
    void theCountersAreRead() {
        assertThat(before.devices())
                .hasSize(3)
                .containsEntry("sda", new DiskStatistics.Counters(1000, 20000 * 512, 500, 8000 * 512, 1000, 900));
    }

    @Test
    void devicesHaveTheNamesThatPeopleGaveThem() {
        UnaryOperator<String> names = device -> device.equals("dm-0") ? "vg-pool" : device;

        assertThat(DiskStatistics.parse(BEFORE, names).devices()).containsOnlyKeys("sda", "vg-pool", "dm-1");
    }

    @Test
    void theUseIsWhatHappenedInBetween() {
        assertThat(after.since(before, TEN_SECONDS))
                .containsEntry("sda", new DiskStatistics.Use("sda", 10, 10, 2000 * 51.2, 400 * 51.2, 2, 50))
                .containsEntry("dm-0", new DiskStatistics.Use("dm-0", 0, 0, 0, 0, 0, 0));
    }

    @Test
    void aDeviceThatCameOrWasReplacedHasNoUseYet() {
        assertThat(after.since(before, TEN_SECONDS)).doesNotContainKeys("sdb", "dm-1");
        assertThat(after.since(before, Duration.ZERO)).isEmpty();
    }

    @Test
    void linesThatAreNoDevicesArePassedOver() {
        assertThat(DiskStatistics.parse("\n  \nshort 1 2\n", UnaryOperator.identity())
                        .devices())
                .isEmpty();
    }

    @Test
    void thisHostsCountersCanBeRead() throws IOException {
        assertThat(DiskStatistics.read().devices())
                .allSatisfy((name, counters) -> assertThat(name).isNotBlank());
    }
}
