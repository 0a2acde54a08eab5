package io.varve.status;

import io.varve.spi.DriverStatus;
import io.varve.spi.DriverStatus.Space;
import io.varve.spi.ThinPool;
import io.varve.spi.Usage;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

class DiskFiguresTest {
    private static final Space NOTHING = new Space(0, 0, 0);
    private static final DriverStatus THIN = status(Optional.of(
            new ThinPool("loop-lvm", "/srv", "varve-1-pool", NOTHING, NOTHING, List.of(tenant("app"), tenant("new")))));

    private static ThinPool.Tenant tenant(String id) {
        return new ThinPool.Tenant(id, "/srv/" + id, 0, "/dev/mapper/varve-1-" + id, 0, 0, 0, NOTHING, 0, 0, List.of());
    }

    private static DriverStatus status(Optional<ThinPool> pool) {
        return new DriverStatus(NOTHING, Map.of(), List.of(Usage.bytes("Data", "Total", 7)), pool, List.of("so"));
    }

    private static Optional<DiskWatch.Report> report(DiskStatistics.Use... uses) {
        TreeMap<String, DiskStatistics.Use> devices = new TreeMap<>();
        for (DiskStatistics.Use use : uses) {
            devices.put(use.device(), use);
        }
        return Optional.of(new DiskWatch.Report(Instant.EPOCH, Duration.ofSeconds(10), devices));
    }

    private static DiskStatistics.Use use(String device, double reads, double writes, double await) {
        return new DiskStatistics.Use(device, reads, writes, 0, 0, await, 0);
    }

    private static Usage.Real real(String metric, String label, String type, double value) {
        return new Usage.Real(Optional.of(metric), label, type, value);
    }

    @Test
    void poolAndDevicesTellTheirUseByTheNamesOfTheReference() {
        DriverStatus status = DiskFigures.with(
                THIN, report(use("varve-1-pool", 1, 2, 3), use("varve-1-app", 4, 5, 6), use("sda", 7, 8, 9)));

        assertThat(status.usage())
                .containsExactly(
                        Usage.bytes("Data", "Total", 7),
                        real("storage.pool.rps", "Pool", "Reads per Second", 1),
                        real("storage.pool.wps", "Pool", "Writes per Second", 2),
                        real("storage.pool.await", "Pool", "Await Milliseconds", 3),
                        real("storage.device.rps.app", "app Device", "Reads per Second", 4),
                        real("storage.device.wps.app", "app Device", "Writes per Second", 5),
                        real("storage.device.await.app", "app Device", "Await Milliseconds", 6));
        assertThat(status.errors()).containsExactly("so");
        assertThat(status.thinPool()).isEqualTo(THIN.thinPool());
    }

    @Test
    void whereNothingIsKnownTheStatusIsThereWithoutThem() {
        assertThat(DiskFigures.with(THIN, Optional.empty())).isEqualTo(THIN);
        assertThat(DiskFigures.with(THIN, report())).isEqualTo(THIN);
    }

    @Test
    void aStoreWithoutAPoolHasNone() {
        DriverStatus plain = status(Optional.empty());

        assertThat(DiskFigures.with(plain, report(use("sda", 1, 2, 3)))).isEqualTo(plain);
    }
}
