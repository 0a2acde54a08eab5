package io.varve.driver.devicemapper;

import io.varve.linux.Commands;
import io.varve.spi.Driver;
import io.varve.spi.ErrorCode;
import io.varve.spi.ExclusiveSize;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.ThinPool;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What snapshots take, beside what thin_ls says; and devices in the pool that the store did not make. */
@RequiresDeviceMapper
class PoolContentsTest {
    private static final VolumeName VOLUME = VolumeName.of("app");
    private static final VolumeName OTHER = VolumeName.of("other");
    private static final int MEBIBYTE = 1 << 20;

    private final RandomGenerator random = RandomGenerator.of("L64X128MixRandom");
    private DeviceMapperFixture fixture;
    private StoreLayout layout;
    private Driver driver;
    private DeviceMapper mapper;

    @BeforeEach
    void open() throws IOException {
        fixture = new DeviceMapperFixture(FilesystemKind.EXT4, 96L << 20);
        layout = new StoreLayout(fixture.newRoot(), fixture.provider().type());
        Files.createDirectories(layout.driverPrivate());
        mapper = DeviceMapper.open();
        driver = fixture.provider().open(layout, fixture.options());
        for (VolumeName volume : List.of(VOLUME, OTHER)) {
            driver.createVolume(volume, VolumeSpec.unlimited());
        }
    }

    @AfterEach
    void close() {
        driver.close();
        mapper.close();
        fixture.close();
    }

    private void write(VolumeName volume, String file, int mebibytes) throws IOException {
        byte[] bytes = new byte[mebibytes * MEBIBYTE];
        random.nextBytes(bytes);
        Files.write(driver.expose(volume, Optional.empty()).resolve(file), bytes);
    }

    private void snapshot(VolumeName volume, String label) {
        driver.createSnapshot(volume, SnapshotLabel.of(label), Work.unwatched());
    }

    private long exclusive(VolumeName volume, String label) {
        return ((ExclusiveSize) driver).exclusiveBytes(volume, SnapshotLabel.of(label), Work.unwatched());
    }

    private ThinPool.Tenant tenant(VolumeName volume) {
        return driver.status().thinPool().orElseThrow().tenants().stream()
                .filter(tenant -> tenant.tenantId().equals(volume.tenant()))
                .findFirst()
                .orElseThrow();
    }

    private ThinPools pool() throws IOException {
        String store = PoolRecord.read(layout.driverPrivate().resolve("pool"))
                .orElseThrow()
                .store();
        return new ThinPools(mapper, store, ThinPools.ownPool(store));
    }

    /** The same by a program of others. */
    private List<Long> exclusiveByThinLs() throws IOException {
        ThinPools pool = pool();
        TestDisks.dmsetup("message", pool.poolName(), "0", "reserve_metadata_snap");
        try {
            String program = Commands.find("thin_ls").orElseThrow().toString();
            String node = pool.metadataNode().toString();
            List<String> command =
                    List.of(program, "--metadata-snap", "--no-headers", "-o", "DEV,EXCLUSIVE_BYTES", node);
            String text = Commands.run(command, Duration.ofMinutes(1))
                    .orThrow("ask thin_ls")
                    .output();
            return text.lines()
                    .map(line -> line.strip().split(" +", 2))
                    .filter(fields -> Integer.parseInt(fields[0]) > StorePool.BASE)
                    .map(fields -> Long.parseLong(fields[1]))
                    .toList();
        } finally {
            TestDisks.dmsetup("message", pool.poolName(), "0", "release_metadata_snap");
        }
    }

    @Test
    void eachSnapshotTellsWhatIsItsAlone() throws IOException {
        write(VOLUME, "one", 3);
        snapshot(VOLUME, "a");
        write(VOLUME, "one", 2);
        snapshot(VOLUME, "b");
        snapshot(VOLUME, "c");
        write(VOLUME, "one", 1);
        write(OTHER, "one", 5);
        snapshot(OTHER, "d");

        List<Long> ours = new ArrayList<>();
        for (String label : List.of("a", "b", "c")) {
            ours.add(exclusive(VOLUME, label));
        }
        ours.add(exclusive(OTHER, "d"));

        assertThat(exclusiveByThinLs()).hasSize(6).containsAll(ours);
        assertThat(ours.getFirst()).isBetween(2L * MEBIBYTE, 4L * MEBIBYTE);
        // The filesystem itself writes a little at each snapshot.
        assertThat(ours.get(1)).isLessThan(MEBIBYTE / 2);
    }

    @Test
    void aTenantTellsWhatItsSnapshotsTakeBesideItsHead() throws IOException {
        write(VOLUME, "one", 3);
        snapshot(VOLUME, "a");
        snapshot(VOLUME, "b");
        Files.delete(driver.expose(VOLUME, Optional.empty()).resolve("one"));
        snapshot(VOLUME, "c");

        assertThat(tenant(VOLUME).snapshotAllocatedBlocks() * 65536).isBetween(3L * MEBIBYTE, 4L * MEBIBYTE);
        assertThat(tenant(OTHER).snapshotAllocatedBlocks()).isZero();
        assertThat(driver.status().data()).containsEntry("SnapshotFiguresAge", "0 s");
        assertThat(driver.status().errors()).isEmpty();
    }

    @Test
    void anUnknownSnapshotTakesNothing() {
        assertThatThrownBy(() -> exclusive(VOLUME, "none"))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SNAPSHOT_NOT_FOUND));
    }

    /** Somebody makes a device in the pool meanwhile; or the book was brought back from a backup. */
    @Test
    void aNumberThatIsTakenIsPassedOverAndItsDeviceLeftAlone() throws IOException {
        ThinPools pool = pool();
        pool.createThin(4);
        pool.createThin(5);

        snapshot(VOLUME, "a");

        assertThat(pool.contains(4)).isTrue();
        assertThat(pool.contains(5)).isTrue();
        assertThat(pool.contains(6)).isTrue();
        driver.deleteSnapshot(VOLUME, SnapshotLabel.of("a"));
        assertThat(pool.contains(6)).isFalse();

        driver.close();
        driver = fixture.provider().open(layout, fixture.options());
        snapshot(VOLUME, "b");
        assertThat(pool.contains(4)).isTrue();
        assertThat(driver.status().errors()).singleElement().asString().contains("2 devices", "left alone");
    }

    /** The snapshot would be written into the superblock before the blocks it holds are counted. */
    @Test
    void itIsReadWithoutASnapshotOfTheMetadata() throws IOException {
        TestDisks.dmsetup("message", pool().poolName(), "0", "reserve_metadata_snap");
        write(VOLUME, "one", 3);
        snapshot(VOLUME, "a");
        write(VOLUME, "one", 2);
        snapshot(VOLUME, "b");

        assertThat(exclusive(VOLUME, "a")).isBetween(2L * MEBIBYTE, 4L * MEBIBYTE);

        TestDisks.dmsetup("message", pool().poolName(), "0", "release_metadata_snap");
    }

    @Test
    void whatIsReadIsOfOneInstantWhileThePoolGoesOn() throws Exception {
        write(VOLUME, "one", 3);
        snapshot(VOLUME, "a");
        write(VOLUME, "one", 2);
        snapshot(VOLUME, "b");
        AtomicBoolean enough = new AtomicBoolean();
        Thread writer = Thread.ofPlatform().start(() -> {
            while (!enough.get()) {
                try {
                    write(OTHER, "busy", 2);
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            }
        });
        try {
            for (int i = 0; i < 20; i++) {
                assertThat(exclusive(VOLUME, "a")).isBetween(2L * MEBIBYTE, 4L * MEBIBYTE);
            }
        } finally {
            enough.set(true);
            writer.join();
        }
    }
}
