package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapper.Device;
import io.varve.spi.Driver;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** What the next process makes of what it finds. */
@RequiresDeviceMapper
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class ReopeningTest {
    private static final Map<String, String> OPTIONS =
            Map.of("dm.loopdatasize", "1 GiB", "dm.loopmetadatasize", "8 MiB", "dm.basesize", "96 MiB");
    private static final VolumeName APP = VolumeName.of("app");
    private static final int LARGEST_STEP = 200;

    private TestDisks disks;
    private Path root;

    @BeforeEach
    void prepare() throws IOException {
        disks = new TestDisks();
        root = disks.root("one");
    }

    @AfterEach
    void clean() throws IOException {
        disks.close();
    }

    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    private StoreLayout layout() throws IOException {
        StoreLayout layout = new StoreLayout(root, new DeviceMapperDriverProvider().type());
        Files.createDirectories(layout.driverPrivate());
        return layout;
    }

    private ThinPools pool(DeviceMapper mapper) throws IOException {
        String store = PoolRecord.read(layout().driverPrivate().resolve("pool"))
                .orElseThrow()
                .store();
        return new ThinPools(mapper, store, ThinPools.ownPool(store));
    }

    private static boolean isAnySuspended(ThinPools pool) throws IOException {
        for (int id : pool.atWork()) {
            if (pool.find(id).filter(Device::suspended).isPresent()) {
                return true;
            }
        }
        return false;
    }

    /** A process whose death leaves a volume suspended. */
    private void dieWhileSuspended(MortalProvider provider, Driver driver, ThinPools pool) throws IOException {
        for (int step = 1; step < LARGEST_STEP; step++) {
            provider.dieAt(step, new Death());
            try {
                driver.createSnapshot(APP, SnapshotLabel.of("s" + step), Work.unwatched());
            } catch (Death death) {
                provider.live();
            }
            if (isAnySuspended(pool)) {
                return;
            }
        }
        throw new AssertionError("no death left a device suspended");
    }

    @Test
    void whatAnEarlierProcessLeftSuspendedGoesOn() throws IOException {
        MortalProvider provider = new MortalProvider();
        Driver dead = provider.open(layout(), OPTIONS);
        dead.createVolume(APP, VolumeSpec.unlimited());
        try (DeviceMapper mapper = DeviceMapper.open()) {
            ThinPools pool = pool(mapper);
            dieWhileSuspended(provider, dead, pool);

            try (Driver driver = provider.open(layout(), OPTIONS)) {
                assertThat(isAnySuspended(pool)).isFalse();
                Path file = driver.expose(APP, Optional.empty()).resolve("file");
                Files.writeString(file, "writing goes on");
                driver.createSnapshot(APP, SnapshotLabel.of("next"), Work.unwatched());
                assertThat(driver.expose(APP, Optional.of(SnapshotLabel.of("next")))
                                .resolve("file"))
                        .hasContent("writing goes on");
            }
        }
    }

    private int deviceOf(String role) throws IOException {
        try (var names = Files.list(layout().driverPrivate().resolve("devices/app"))) {
            String name = names.map(each -> each.getFileName().toString())
                    .filter(each -> each.endsWith(role))
                    .findFirst()
                    .orElseThrow();
            return Integer.parseInt(name.substring(0, name.indexOf(',')));
        }
    }

    /** Deletes a device in the pool of a closed store, as a repair of its metadata may. */
    private void loseDevice(Path data, Path metadata, int id) {
        TestDisks.dmsetup(
                "create",
                "varve-test-pool",
                "--table",
                "0 " + (1L << 20) + " thin-pool " + metadata + " " + data + " 128 0 1 error_if_no_space");
        TestDisks.dmsetup("message", "varve-test-pool", "0", "delete " + id);
        TestDisks.removeDevice("varve-test-pool");
    }

    private static void assertInvalid(Volume volume, String label) {
        assertThat(volume.snapshots())
                .filteredOn(each -> each.label().equals(SnapshotLabel.of(label)))
                .singleElement()
                .matches(each -> !each.valid());
        assertThatThrownBy(() -> OpenedStore.rollback(volume, label))
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.SNAPSHOT_INVALID));
    }

    @Test
    void aSnapshotWhoseDeviceIsGoneIsSaidToBeLostAndCanBeRemoved() throws IOException {
        Path data = disks.disk("data", 512L << 20);
        Path metadata = disks.disk("metadata", 8L << 20);
        Map<String, String> options =
                Map.of("dm.datadev", data.toString(), "dm.metadatadev", metadata.toString(), "dm.basesize", "96 MiB");
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "then");
            OpenedStore.snapshot(app, "kept");
            OpenedStore.snapshot(app, "lost");
            OpenedStore.write(app, "now");
        }
        loseDevice(data, metadata, deviceOf(",lost"));

        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.find("app");
            assertInvalid(app, "lost");
            assertThat(store.driver().status().errors()).anyMatch(error -> error.contains("'app_lost' is lost"));
            assertThat(OpenedStore.read(app)).isEqualTo("now");
            assertThat(OpenedStore.read(app, "kept")).isEqualTo("then");

            OpenedStore.remove(app, "lost");
            assertThat(store.driver().status().errors()).isEmpty();
            OpenedStore.snapshot(app, "lost");
        }
        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertThat(store.find("app").snapshots()).hasSize(2).allMatch(Snapshot::valid);
            assertThat(OpenedStore.read(store.find("app"), "lost")).isEqualTo("now");
        }
    }

    @Test
    void aVolumeWhoseDeviceIsGoneFailsNoOther() throws IOException {
        Path data = disks.disk("data", 512L << 20);
        Path metadata = disks.disk("metadata", 8L << 20);
        Map<String, String> options =
                Map.of("dm.datadev", data.toString(), "dm.metadatadev", metadata.toString(), "dm.basesize", "96 MiB");
        try (OpenedStore store = OpenedStore.of(root, options)) {
            OpenedStore.snapshot(store.volume("app", "then"), "kept");
            store.volume("other", "now");
        }
        loseDevice(data, metadata, deviceOf(",head"));

        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertThatThrownBy(() -> store.find("app").path()).isInstanceOf(StorageException.class);
            assertThat(OpenedStore.read(store.find("other"))).isEqualTo("now");
            OpenedStore.snapshot(store.find("other"), "next");
            assertThat(store.driver().status().thinPool().orElseThrow().tenants())
                    .filteredOn(tenant -> tenant.tenantId().equals("app"))
                    .singleElement()
                    .satisfies(tenant -> assertThat(tenant.errors()).isNotEmpty());
        }
    }
}
