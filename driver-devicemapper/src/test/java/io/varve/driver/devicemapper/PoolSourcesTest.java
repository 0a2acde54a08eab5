package io.varve.driver.devicemapper;

import io.varve.linux.Commands;
import io.varve.linux.DurableFiles;
import io.varve.spi.Driver;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Volume;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Where a store's pool may come from, and what is refused. */
@RequiresDeviceMapper
class PoolSourcesTest {
    private static final long MEBI = 1L << 20;
    private static final String POOL = "varve-test-pool";

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

    private static Map<String, String> on(Path data, Path metadata, String... more) {
        Map<String, String> options = new HashMap<>(
                Map.of("dm.datadev", data.toString(), "dm.metadatadev", metadata.toString(), "dm.basesize", "96 MiB"));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return options;
    }

    private static Map<String, String> onPool(String... more) {
        Map<String, String> options = new HashMap<>(Map.of("dm.thinpooldev", POOL, "dm.basesize", "96 MiB"));
        for (int i = 0; i < more.length; i += 2) {
            options.put(more[i], more[i + 1]);
        }
        return options;
    }

    private Path data() throws IOException {
        return disks.disk("data", 512 * MEBI);
    }

    private Path metadata() throws IOException {
        return disks.disk("metadata", 8 * MEBI);
    }

    private void makePool(Path data, Path metadata, int blockSectors) throws IOException {
        disks.device(
                POOL,
                "0 " + TestDisks.sectors(data) + " thin-pool " + metadata + " " + data + " " + blockSectors
                        + " 0 1 error_if_no_space");
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(ErrorCode code, ThrowingCallable opening) {
        return assertThatThrownBy(opening)
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(code));
    }

    private AbstractThrowableAssert<?, ?> assertRefused(ErrorCode code, Map<String, String> options) {
        return assertRefused(code, () -> OpenedStore.of(root, options).close());
    }

    /** Makes a store with a volume and a snapshot, and closes it. */
    private void fill(Path place, Map<String, String> options) throws IOException {
        try (OpenedStore store = OpenedStore.of(place, options)) {
            Volume app = store.volume("app", "then");
            OpenedStore.snapshot(app, "one");
            OpenedStore.write(app, "now");
        }
    }

    private void assertFilled(Path place, Map<String, String> options) throws IOException {
        try (OpenedStore store = OpenedStore.of(place, options)) {
            assertThat(OpenedStore.read(store.find("app"))).isEqualTo("now");
            assertThat(OpenedStore.read(store.find("app"), "one")).isEqualTo("then");
        }
    }

    @Test
    void aStoreOnTwoDisksIsThereAgain() throws IOException {
        Map<String, String> options = on(data(), metadata());
        fill(root, options);

        assertThat(TestDisks.dmsetup("ls")).doesNotContain("varve-");
        assertFilled(root, options);
    }

    @Test
    void disksThatCarryDataAreLeftAsTheyAre() throws IOException {
        Path data = data();
        Path metadata = metadata();
        TestDisks.write(metadata, 1024, "precious");
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, on(data, metadata)).hasMessageContaining("dm.overwrite");
        assertThat(TestDisks.read(metadata, 1024, 8)).isEqualTo("precious");

        Path other = disks.disk("other", 8 * MEBI);
        TestDisks.write(data, 512 * MEBI - 512, "precious");
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, on(data, other)).hasMessageContaining(data.toString());
        assertThat(TestDisks.read(data, 512 * MEBI - 512, 8)).isEqualTo("precious");

        fill(root, on(data, metadata, "dm.overwrite", "true"));
        assertFilled(root, on(data, metadata));
    }

    @Test
    void theDisksOfAnotherStoreAreRefused() throws IOException {
        Map<String, String> options = on(data(), metadata());
        fill(root, options);

        Path second = disks.root("two");
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, () -> OpenedStore.of(second, options)
                .close());
        assertFilled(root, options);
    }

    @Test
    void aDiskThatIsMountedIsNotTouchedWhateverIsSaid() throws IOException {
        Path data = data();
        Path used = disks.disk("used", 64 * MEBI);
        TestDisks.run("mkfs.ext4", "-q", used.toString());
        Path mount = disks.root("mounted");
        TestDisks.run("mount", "-t", "ext4", used.toString(), mount.toString());
        Files.writeString(mount.resolve("file"), "precious");

        assertRefused(ErrorCode.BUSY, on(data, used, "dm.overwrite", "true")).hasMessageContaining(used.toString());
        assertRefused(ErrorCode.BUSY, on(used, metadata(), "dm.overwrite", "true"));

        TestDisks.run("umount", mount.toString());
        TestDisks.run("fsck.ext4", "-n", "-f", used.toString());
        TestDisks.run("mount", "-t", "ext4", used.toString(), mount.toString());
        assertThat(mount.resolve("file")).hasContent("precious");
    }

    @Test
    void whatIsNoDiskOrTooSmallIsSaid() throws IOException {
        Path data = data();
        Path file = Files.createFile(disks.root("files").resolve("file"));

        assertRefused(ErrorCode.OPTION_INVALID, on(data, file)).hasMessageContaining("is not a disk");
        assertRefused(ErrorCode.DRIVER_UNAVAILABLE, on(data, Path.of("/dev/no-such")))
                .hasMessageContaining("no disk");
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, on(data, disks.disk("tiny", MEBI)))
                .hasMessageContaining("too small");
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, on(disks.disk("small", 8 * MEBI), metadata()))
                .hasMessageContaining("too small");
        Path link = Files.createSymbolicLink(disks.root("links").resolve("same"), data);
        assertRefused(ErrorCode.OPTION_INVALID, on(data, link)).hasMessageContaining("same disk");
    }

    @Test
    void anEmptyOrExchangedDiskIsNotTakenForThePool() throws IOException {
        Path data = data();
        Path metadata = metadata();
        fill(root, on(data, metadata));
        Path second = disks.root("two");
        Path otherData = disks.disk("other-data", 512 * MEBI);
        Path otherMetadata = disks.disk("other-metadata", 8 * MEBI);
        fill(second, on(otherData, otherMetadata));
        Path blank = disks.disk("blank", 8 * MEBI);

        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, on(data, blank));
        assertThat(BlockDevices.isBlank(blank)).isTrue();
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, on(otherData, otherMetadata));
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, on(otherData, metadata));
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, on(disks.disk("shorter", 256 * MEBI), metadata))
                .hasMessageContaining("bytes");
        assertFilled(root, on(data, metadata));
        assertFilled(second, on(otherData, otherMetadata));
    }

    @Test
    void theBlockOfAPoolIsChosenOnce() throws IOException {
        Path data = data();
        Path metadata = metadata();
        fill(root, on(data, metadata, "dm.blocksize", "128 KiB"));

        assertRefused(ErrorCode.OPTION_INVALID, on(data, metadata, "dm.blocksize", "256 KiB"))
                .hasMessageContaining("dm.blocksize");
        assertFilled(root, on(data, metadata));
        assertThat(TestDisks.run("thin_dump", metadata.toString())).contains("data_block_size=\"256\"");
    }

    @Test
    void anExistingPoolKeepsItsBlockAndStays() throws IOException {
        makePool(data(), metadata(), 512);

        assertRefused(ErrorCode.OPTION_INVALID, onPool("dm.blocksize", "64 KiB"))
                .hasMessageContaining("262144");
        fill(root, onPool());
        try (OpenedStore store = OpenedStore.of(root, onPool())) {
            assertThat(store.driver().status().thinPool().orElseThrow().data().total())
                    .isEqualTo(512 * MEBI);
        }
        assertThat(TestDisks.dmsetup("ls")).contains(POOL);
        assertFilled(root, onPool());
    }

    @Test
    void aPoolThatIsUsedOrAnotherUnderTheSameNameIsRefused() throws IOException {
        Path data = data();
        Path metadata = metadata();
        makePool(data, metadata, 128);
        fill(root, onPool());
        Path second = disks.root("two");
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, () -> OpenedStore.of(second, onPool())
                .close());

        TestDisks.removeDevice(POOL);
        assertRefused(ErrorCode.DRIVER_UNAVAILABLE, onPool()).hasMessageContaining(POOL);
        Path otherMetadata = disks.disk("other-metadata", 8 * MEBI);
        makePool(disks.disk("other-data", 512 * MEBI), otherMetadata, 128);
        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, onPool());
        TestDisks.removeDevice(POOL);
        assertThat(TestDisks.run("thin_dump", otherMetadata.toString()))
                .contains("transaction=\"0\"")
                .doesNotContain("<device");

        makePool(data, metadata, 128);
        assertFilled(root, onPool());
    }

    @Test
    void whatIsNoPoolIsRefused() throws IOException {
        disks.device(POOL, "0 2048 error");

        assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, onPool()).hasMessageContaining("no thin pool");
    }

    @Test
    void aProgramThatIsMissingIsNamedBeforeAnythingIsMade() throws IOException {
        Path data = data();
        Path metadata = metadata();
        String program = Commands.find("mkfs.xfs").orElseThrow().toString();
        TestDisks.run("mount", "--bind", "/dev/null", program);
        try {
            assertRefused(ErrorCode.DRIVER_UNAVAILABLE, on(data, metadata, "dm.fs", "xfs", "dm.basesize", "400 MiB"))
                    .hasMessageContaining("mkfs.xfs");
        } finally {
            TestDisks.run("umount", program);
        }
        assertThat(BlockDevices.isBlank(metadata)).isTrue();
        fill(root, on(data, metadata));
    }

    @Test
    void theFilesOfAPoolThatWentAwayAreNotMadeAnew() throws IOException {
        Map<String, String> options =
                Map.of("dm.loopdatasize", "512 MiB", "dm.loopmetadatasize", "8 MiB", "dm.basesize", "96 MiB");
        fill(root, options);
        Path driver = root.resolve(".devicemapper/driver");
        for (String name : new String[] {"data", "metadata"}) {
            Files.move(driver.resolve(name), driver.resolve("kept"));
            assertRefused(ErrorCode.DRIVER_UNAVAILABLE, options).hasMessageContaining(name);
            assertThat(driver.resolve(name)).doesNotExist();
            Files.move(driver.resolve("kept"), driver.resolve(name));
        }
        assertFilled(root, options);
    }

    @Test
    void numbersBeginAgainAfterTheLastOneAndNoneIsUsedTwice() throws IOException {
        makePool(data(), metadata(), 128);
        fill(root, onPool());
        Path book = root.resolve(".devicemapper/driver/devices/app");
        TestDisks.dmsetup("message", POOL, "0", "create_snap " + ThinPools.LAST_ID + " " + StorePool.BASE);
        Files.createFile(book.resolve(ThinPools.LAST_ID + ",100663296,snapshot,last"));

        try (OpenedStore store = OpenedStore.of(root, onPool())) {
            OpenedStore.snapshot(store.find("app"), "two");
            OpenedStore.snapshot(store.find("app"), "three");
            assertThat(OpenedStore.read(store.find("app"), "one")).isEqualTo("then");
            assertThat(OpenedStore.read(store.find("app"), "three")).isEqualTo("now");
        }
        try (var names = Files.list(book)) {
            assertThat(names.map(
                            name -> Optional.of(name.getFileName().toString().split(",", 2)[0])))
                    .doesNotHaveDuplicates()
                    .doesNotContain(Optional.of("1"))
                    .hasSize(5);
        }
    }

    /** Without locks and udev, which the other kernel has not. */
    private static void lvm(String... arguments) {
        List<String> all = new ArrayList<>(List.of(arguments));
        all.addAll(List.of(
                "--config",
                "devices{use_devicesfile=0 filter=[\"a|loop|\",\"r|.*|\"]} backup{backup=0 archive=0}"
                        + " activation{udev_sync=0 udev_rules=0 monitoring=0}"
                        + " global{locking_dir=\"/run/varve-lvm\" use_lvmpolld=0 event_activation=0}"));
        TestDisks.run("lvm", all.toArray(String[]::new));
    }

    @Test
    void aPoolThatLvmMadeIsLvmsToActivate() throws IOException {
        Path disk = disks.disk("physical", 600 * MEBI);
        lvm("vgcreate", "varvetest", disk.toString());
        try {
            lvm("lvcreate", "-L", "512M", "-c", "128k", "--poolmetadatasize", "8M", "-T", "varvetest/pool");
            Map<String, String> options =
                    Map.of("dm.thinpooldev", "/dev/mapper/varvetest-pool", "dm.basesize", "96 MiB");
            fill(root, options);
            try (OpenedStore store = OpenedStore.of(root, options)) {
                OpenedStore.rollback(store.find("app"), "one");
                OpenedStore.rollback(store.find("app"), "one");
                OpenedStore.write(store.find("app"), "now");
            }

            lvm("vgchange", "-an", "varvetest");
            assertRefused(ErrorCode.DRIVER_UNAVAILABLE, options).hasMessageContaining("lvchange");
            lvm("vgchange", "-ay", "varvetest");
            assertFilled(root, options);
        } finally {
            lvm("vgremove", "-f", "varvetest");
        }
    }

    private static final class Death extends Error {
        private static final long serialVersionUID = 1L;
    }

    /** Disks of a pool that was never finished carry data, too; they are known to be the store's. */
    @Test
    void makingAPoolMayBeCutShortAnywhere() throws IOException {
        MortalProvider provider = new MortalProvider();
        boolean died = true;
        int step = 0;
        while (died) {
            step += 2;
            StoreLayout layout = new StoreLayout(disks.root("cut" + step), provider.type());
            DurableFiles.makeDirectories(layout.driverPrivate());
            Map<String, String> options =
                    on(disks.disk("data" + step, 512 * MEBI), disks.disk("metadata" + step, 8 * MEBI));
            died = dies(provider, layout, options, step);
            try (Driver driver = provider.open(layout, options)) {
                driver.createVolume(VolumeName.of("app"), VolumeSpec.unlimited());
                assertThat(driver.volumes()).containsExactly(VolumeName.of("app"));
            }
        }
        assertThat(step).isGreaterThan(10);
    }

    private static boolean dies(MortalProvider provider, StoreLayout layout, Map<String, String> options, int step) {
        provider.dieAt(step, new Death());
        try {
            provider.open(layout, options).close();
            return false;
        } catch (Death death) {
            return true;
        } finally {
            provider.live();
        }
    }
}
