package io.varve.driver.devicemapper;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.ThinPool;
import io.varve.spi.VolumeName;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Disks below a pool that give errors: said on the volumes concerned, and nothing else is harmed or hangs. */
@RequiresDeviceMapper
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class PoolErrorsTest {
    private static final long MEBI = 1L << 20;
    private static final String DATA = "varve-test-data";
    private static final String METADATA = "varve-test-metadata";

    private TestDisks disks;
    private Path root;
    private Path dataDisk;
    private Path metadataDisk;
    private Map<String, String> options;

    @BeforeEach
    void prepare() throws IOException {
        disks = new TestDisks();
        root = disks.root("one");
        dataDisk = disks.disk("data", 512 * MEBI);
        metadataDisk = disks.disk("metadata", 8 * MEBI);
        options = new HashMap<>(Map.of(
                "dm.datadev", disks.over(dataDisk, DATA).toString(),
                "dm.metadatadev", disks.over(metadataDisk, METADATA).toString(),
                "dm.basesize", "96 MiB"));
    }

    @AfterEach
    void clean() throws IOException {
        disks.close();
    }

    private static String whole(Path disk) throws IOException {
        return "0 " + TestDisks.sectors(disk) + " linear " + disk + " 0";
    }

    private static void fail(String device, Path disk) throws IOException {
        TestDisks.change(device, "0 " + TestDisks.sectors(disk) + " error");
    }

    private static void mend(String device, Path disk) throws IOException {
        TestDisks.change(device, whole(disk));
    }

    private static AbstractThrowableAssert<?, ?> assertIoFailed(ThrowingCallable deed) {
        return assertThatThrownBy(deed)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        refusal -> assertThat(refusal.code()).as("%s", refusal).isEqualTo(ErrorCode.IO_FAILED));
    }

    /** XFS shuts itself down at the first error; ext4 goes on where it can. */
    private static void assertStatusSaysWhatToDo(OpenedStore store) {
        assertThat(store.driver().status().thinPool().orElseThrow().tenants())
                .flatExtracting(ThinPool.Tenant::errors)
                .anyMatch(error -> error.contains("release the volume"));
    }

    /** A filesystem that has nothing to write has nothing to fail. */
    private static void assertIoFailedOrDone(Runnable deed) {
        try {
            deed.run();
        } catch (StorageException refusal) {
            assertThat(refusal.code()).as("%s", refusal).isEqualTo(ErrorCode.IO_FAILED);
        }
    }

    private static void writeThrough(Path file, int bytes) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer content = ByteBuffer.allocate(bytes);
            while (content.hasRemaining()) {
                out.write(content);
            }
            out.force(true);
        }
    }

    private static void forgetCaches() throws IOException {
        Files.writeString(Path.of("/proc/sys/vm/drop_caches"), "3");
    }

    /** Another store, on a pool of its own, while something happens to the first. */
    private OpenedStore bystander() throws IOException {
        Map<String, String> others = new HashMap<>(Map.of("dm.basesize", "96 MiB"));
        others.put("dm.loopdatasize", "512 MiB");
        others.put("dm.loopmetadatasize", "8 MiB");
        return OpenedStore.of(disks.root("other"), others);
    }

    private static void assertWorks(OpenedStore store, String name) throws IOException {
        Volume volume = store.volume(name, "then");
        OpenedStore.snapshot(volume, "one");
        OpenedStore.write(volume, "now");
        OpenedStore.rollback(volume, "one");
        assertThat(OpenedStore.read(volume)).isEqualTo("then");
        store.store().removeVolume(volume.name());
    }

    private void fill(OpenedStore store) throws IOException {
        for (String name : new String[] {"app", "other"}) {
            Volume volume = store.volume(name, "then");
            OpenedStore.snapshot(volume, "one");
            OpenedStore.write(volume, "now");
        }
        TestDisks.run("sync");
    }

    private void assertFilled(OpenedStore store) throws IOException {
        for (String name : new String[] {"app", "other"}) {
            assertThat(OpenedStore.read(store.find(name))).isEqualTo("now");
            assertThat(OpenedStore.read(store.find(name), "one")).isEqualTo("then");
        }
    }

    @ParameterizedTest
    @CsvSource({"ext4,96 MiB", "xfs,400 MiB"})
    void aDataDiskThatFailsIsToldAndLosesNothingThatWasSafe(String filesystem, String size) throws IOException {
        options.put("dm.fs", filesystem);
        options.put("dm.basesize", size);
        try (OpenedStore bystander = bystander()) {
            try (OpenedStore store = OpenedStore.of(root, options)) {
                fill(store);
                fail(DATA, dataDisk);
                forgetCaches();

                assertThatThrownBy(() -> writeThrough(store.find("app").path().resolve("file2"), 4 << 20))
                        .isInstanceOf(IOException.class);
                assertIoFailed(() -> store.volume("third", "text"));
                assertIoFailed(() -> OpenedStore.rollback(store.find("other"), "one"));
                assertIoFailedOrDone(() -> OpenedStore.snapshot(store.find("app"), "two"));
                if (filesystem.equals("xfs")) {
                    assertStatusSaysWhatToDo(store);
                }
                assertWorks(bystander, "untouched");
            }
            mend(DATA, dataDisk);
            try (OpenedStore store = OpenedStore.of(root, options)) {
                assertFilled(store);
                assertWorks(store, "third");
            }
        }
    }

    @Test
    void aBadPartOfADiskFailsTheVolumeOnIt() throws IOException {
        try (OpenedStore store = OpenedStore.of(root, options)) {
            fill(store);
            long before = used(store);
            writeThrough(store.find("app").path().resolve("large"), 32 << 20);
            long after = used(store);
            writeThrough(store.find("other").path().resolve("large"), 32 << 20);
            badBetween(before + (after - before) / 4, before + (after - before) / 2);
            forgetCaches();

            assertThatThrownBy(() -> Files.readAllBytes(store.find("app").path().resolve("large")))
                    .isInstanceOf(IOException.class);
            assertThat(OpenedStore.read(store.find("app"))).isEqualTo("now");
            assertThat(Files.readAllBytes(store.find("other").path().resolve("large")))
                    .hasSize(32 << 20);
            OpenedStore.snapshot(store.find("other"), "two");
            OpenedStore.rollback(store.find("other"), "one");
            assertWorks(store, "third");
            store.store().removeVolume(VolumeName.of("app"));
            assertThat(store.store().find(VolumeName.of("app"))).isEmpty();
        }
    }

    /** In a pool that only grew so far, what is written next lies behind what was written before. */
    private static long used(OpenedStore store) {
        return store.driver().status().thinPool().orElseThrow().data().used();
    }

    private void badBetween(long from, long to) throws IOException {
        long first = from / BlockDevices.SECTOR;
        long last = to / BlockDevices.SECTOR;
        TestDisks.change(
                DATA,
                "0 " + first + " linear " + dataDisk + " 0",
                first + " " + (last - first) + " error",
                last + " " + (TestDisks.sectors(dataDisk) - last) + " linear " + dataDisk + " " + last);
    }

    @Test
    void metadataThatFailsStopsChangesAndKeepsWhatIsThere() throws IOException {
        try (OpenedStore bystander = bystander()) {
            try (OpenedStore store = OpenedStore.of(root, options)) {
                fill(store);
                fail(METADATA, metadataDisk);

                assertIoFailed(() -> OpenedStore.snapshot(store.find("app"), "two"));
                assertIoFailed(() -> OpenedStore.snapshot(store.find("other"), "two"))
                        .hasMessageContaining("thin_check");
                assertIoFailed(() -> OpenedStore.remove(store.find("app"), "one"));
                assertIoFailed(() -> store.store().removeVolume(VolumeName.of("other")));
                assertIoFailed(() -> store.volume("third", "text"));
                assertThat(OpenedStore.read(store.find("app"))).isEqualTo("now");
                assertThat(store.driver().status().errors()).isNotEmpty();
                assertWorks(bystander, "untouched");
            }
            mend(METADATA, metadataDisk);
            checkMetadata();
            try (OpenedStore store = OpenedStore.of(root, options)) {
                assertFilled(store);
                assertThat(store.find("app").snapshots()).hasSize(1);
                assertWorks(store, "third");
            }
        }
    }

    private void checkMetadata() {
        TestDisks.run("thin_check", "--clear-needs-check-flag", options.getOrDefault("dm.metadatadev", ""));
    }

    @Test
    void aPoolThatNeedsACheckIsReadButNotChanged() throws IOException {
        try (OpenedStore store = OpenedStore.of(root, options)) {
            fill(store);
        }
        // Such a pool says that a transaction was broken off (linux/drivers/md/dm-thin-metadata.c).
        String device = options.getOrDefault("dm.metadatadev", "");
        String dump = TestDisks.run("thin_dump", device);
        assertThat(dump).contains("flags=\"0\"");
        Path changed = Files.writeString(disks.root("dump").resolve("xml"), dump.replace("flags=\"0\"", "flags=\"1\""));
        TestDisks.run("thin_restore", "-i", changed.toString(), "-o", device);
        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertThat(store.driver().status().errors()).isNotEmpty();
            assertIoFailed(() -> OpenedStore.snapshot(store.find("app"), "two")).hasMessageContaining("thin_check");
            assertIoFailed(() -> OpenedStore.remove(store.find("app"), "one"));
            assertThat(store.find("app").snapshots()).hasSize(1);
            assertThat(OpenedStore.read(store.find("app"), "one")).isEqualTo("then");
        }
        checkMetadata();
        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertFilled(store);
            assertWorks(store, "third");
        }
    }

    /** Written through before it is acknowledged; what fails may be there or not, whole in any case. */
    @Test
    void aDiskThatFailsNowAndThenLosesNothingAcknowledged() throws IOException {
        Map<String, String> taken = new HashMap<>();
        int failed = 0;
        try (OpenedStore store = OpenedStore.of(root, options)) {
            fill(store);
            TestDisks.change(
                    DATA, "0 " + TestDisks.sectors(dataDisk) + " flakey " + dataDisk + " 0 1 1 1 error_writes");
            for (int i = 0; i < 40; i++) {
                failed += attempt(store.find("app"), i, taken) ? 0 : 1;
            }
        }
        assertThat(failed).isPositive();
        mend(DATA, dataDisk);
        checkMetadata();
        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertFilledOther(store);
            Volume app = store.find("app");
            for (Map.Entry<String, String> snapshot : taken.entrySet()) {
                assertThat(OpenedStore.read(app, snapshot.getKey())).isEqualTo(snapshot.getValue());
            }
            assertThat(app.snapshots()).allMatch(Snapshot::valid).hasSizeGreaterThan(taken.size());
            assertWorks(store, "third");
        }
    }

    private static void assertFilledOther(OpenedStore store) throws IOException {
        assertThat(OpenedStore.read(store.find("other"))).isEqualTo("now");
        assertThat(OpenedStore.read(store.find("other"), "one")).isEqualTo("then");
    }

    /** Whether both the writing and the snapshot were acknowledged. A volume that shut itself down is used again. */
    private static boolean attempt(Volume app, int number, Map<String, String> taken) throws IOException {
        String text = "text " + number;
        try {
            try (FileChannel out =
                    FileChannel.open(app.path().resolve("file"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
                out.write(ByteBuffer.wrap(text.getBytes(StandardCharsets.UTF_8)));
                out.truncate(text.length());
                out.force(true);
            }
            OpenedStore.snapshot(app, "s" + number);
            taken.put("s" + number, text);
            Thread.sleep(100);
            return true;
        } catch (IOException | InterruptedException failure) {
            releaseIfPossible(app);
            return false;
        } catch (StorageException refusal) {
            assertThat(refusal.code()).as("%s", refusal).isEqualTo(ErrorCode.IO_FAILED);
            releaseIfPossible(app);
            return false;
        }
    }

    private static void releaseIfPossible(Volume app) {
        assertIoFailedOrDone(app::release);
    }
}
