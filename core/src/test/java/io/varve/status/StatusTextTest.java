package io.varve.status;

import io.varve.spi.DriverStatus;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.ThinPool;
import io.varve.spi.Usage;
import org.junit.jupiter.api.Test;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class StatusTextTest {
    private static final long MIB = 1L << 20;
    private static final long GIB = 1L << 30;
    private static final DriverStatus.Space NOTHING = new DriverStatus.Space(0, 0, 0);
    private static final DriverType THIN = DriverType.of("devicemapper");

    private static ThinPool.Tenant tenant(String id, String... errors) {
        DriverStatus.Space space = new DriverStatus.Space(105_559_556_915L, 525 * MIB, 99_621_762_000L);
        return new ThinPool.Tenant(
                id, "/srv/vols/" + id, 0, "pool-" + id, 1_638_400, 0, 0, space, 3, 0, List.of(errors));
    }

    private static DriverStatus pool(List<ThinPool.Tenant> tenants, String... errors) {
        ThinPool pool = new ThinPool(
                "direct-lvm",
                "/srv/vols",
                "serviced-serviced--pool",
                new DriverStatus.Space(200 * GIB, 20 * GIB, 180 * GIB),
                new DriverStatus.Space(2 * GIB, 11_010_048, 2 * GIB - 11_010_048),
                tenants);
        return new DriverStatus(NOTHING, Map.of(), List.of(), Optional.of(pool), List.of(errors));
    }

    @Test
    void aThinPoolIsLaidOutAsItAlwaysWas() {
        assertThat(StatusText.of(THIN, pool(List.of(tenant("abc123"))))).isEqualTo("""

                        Driver:      devicemapper
                        Driver Type: direct-lvm
                        Volume Path: /srv/vols

                        Thin Pool
                        ---------
                        Logical Volume:               serviced-serviced--pool
                        Metadata (total/used/avail):  2 GiB   / 10.5 MiB (0.51%) / 1.99 GiB (99%)
                        Data (total/used/avail):      200 GiB / 20 GiB   (10%)   / 180 GiB  (90%)

                        abc123 Application Data
                        -----------------------------------------
                        Volume Mount Point:            /srv/vols/abc123
                        Filesystem (total/used/avail): 98.31 GiB / 525 MiB (0.52%) / 92.78 GiB (94%)
                        Virtual device size:           100 GiB

                        """);
    }

    @Test
    void everyTenantHasItsBlockAndEveryErrorStandsBetweenEmptyLines() {
        String text = StatusText.of(
                THIN, pool(List.of(tenant("one", "df failed", "and again"), tenant("two")), "the pool is old"));

        assertThat(text)
                .contains("Virtual device size:           100 GiB\n\ndf failed\n\nand again\n\ntwo Application Data\n")
                .endsWith("Virtual device size:           100 GiB\n\nthe pool is old\n\n");
    }

    @Test
    void whatScriptsReadOutOfItIsThere() {
        assertThat(StatusText.of(THIN, pool(List.of())).lines())
                .anyMatch(line -> line.matches("Driver: +devicemapper"))
                .anyMatch(line -> line.matches("Logical Volume: +serviced-serviced--pool"));
    }

    @Test
    void aPoolThatCannotBeReadHasNoShares() {
        ThinPool unread = new ThinPool("loop-lvm", "/srv/vols", "pool", NOTHING, NOTHING, List.of());
        DriverStatus status =
                new DriverStatus(NOTHING, Map.of(), List.of(), Optional.of(unread), List.of("cannot read"));

        assertThat(StatusText.of(THIN, status))
                .contains("Data (total/used/avail):      0 B / 0 B (n/a) / 0 B (n/a)\n")
                .endsWith("\ncannot read\n\n");
    }

    @Test
    void nothingIsEscaped() {
        ThinPool odd = new ThinPool("direct-lvm", "/srv/a&b<c>+d", "p&q", NOTHING, NOTHING, List.of());

        assertThat(StatusText.of(THIN, new DriverStatus(NOTHING, Map.of(), List.of(), Optional.of(odd), List.of())))
                .contains("/srv/a&b<c>+d", "p&q");
    }

    @Test
    void aPlainStatusHasItsValuesInColumnTwentyFiveAndItsDataInOrder() {
        Map<String, String> data = new LinkedHashMap<>();
        data.put("DataFile", "/srv/vols");
        data.put("A name that is longer than the column", "value");
        DriverStatus status = new DriverStatus(
                NOTHING,
                data,
                List.of(
                        Usage.bytes("/srv/vols on /dev/sda1", "Total Bytes", 10 * GIB),
                        Usage.bytes("/srv/vols on /dev/sda1", "Used Bytes", 0),
                        Usage.bytes("storage.snapshot.count.t", "t", "Snapshot Count", 2048),
                        new Usage.Real(Optional.empty(), "Pool", "Reads Per Second", 1.0 / 3)),
                Optional.empty(),
                List.of());

        assertThat(StatusText.of(DriverType.of("rsync"), status)).isEqualTo("""
                        Driver:                 rsync
                        DataFile:               /srv/vols
                        A name that is longer than the column: value
                        Usage Data:
                        \t/srv/vols on /dev/sda1 Total Bytes: 10 GiB
                        \t/srv/vols on /dev/sda1 Used Bytes: 0 B
                        \tt Snapshot Count: 2048
                        \tPool Reads Per Second: 0.33
                        """);
    }

    @Test
    void everyStoreIsAskedAndTheFailingOnesSayWhy() {
        StoreStatus thin = new StoreStatus(THIN, pool(List.of()));
        StoreStatus plain = new StoreStatus(
                DriverType.of("rsync"), new DriverStatus(NOTHING, Map.of(), List.of(), Optional.empty(), List.of()));

        Statuses statuses = Statuses.collect(Map.of("a", () -> thin, "b", () -> plain, "c", () -> {
            throw new StorageException(ErrorCode.IO_FAILED, "the disk is gone");
        }));

        assertThat(statuses.stores()).containsExactly(entry("a", thin), entry("b", plain));
        assertThat(statuses.thinPools()).containsOnlyKeys("a");
        assertThat(statuses.simple()).containsOnlyKeys("b");
        assertThat(statuses.failures()).containsExactly(entry("c", "IO_FAILED: the disk is gone"));
        assertThat(plain.text()).startsWith("Driver:                 rsync\n");
    }

    @Test
    void allStoresTogetherAreNamedAndTheFailingOnesSayWhy() {
        StoreStatus plain = new StoreStatus(
                DriverType.of("rsync"),
                new DriverStatus(NOTHING, Map.of("DataFile", "/srv"), List.of(), Optional.empty(), List.of()));
        StoreStatus thin = new StoreStatus(THIN, pool(List.of()));

        String text = Statuses.collect(Map.of("quick", () -> thin, "default", () -> plain, "old", () -> {
                    throw new StorageException(ErrorCode.IO_FAILED, "the disk is gone");
                }))
                .text();

        assertThat(text).startsWith("""
                        Store:                  default
                        Driver:                 rsync
                        DataFile:               /srv
                        Usage Data:

                        Store:                  old
                        Error:                  IO_FAILED: the disk is gone

                        Store:                  quick

                        Driver:      devicemapper
                        """);
        assertThat(Statuses.collect(Map.of()).text()).isEmpty();
    }
}
