package io.varve.driver.devicemapper;

import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.Usage;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.status.DiskFigures;
import io.varve.status.DiskStatistics;
import io.varve.status.DiskWatch;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.ToDoubleFunction;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Volumes and snapshots as their users meet them, and what the status says of their use. */
@RequiresDeviceMapper
class ThinVolumesTest {
    private static final int MEBI = 1 << 20;
    private static final int MANY = 1000;

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

    private static Map<String, String> options(String... pairs) {
        Map<String, String> options = new HashMap<>(
                Map.of("dm.loopdatasize", "2 GiB", "dm.loopmetadatasize", "64 MiB", "dm.basesize", "96 MiB"));
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], pairs[i + 1]);
        }
        return options;
    }

    private static void write(Path file, int mebibytes) throws IOException {
        try (FileChannel out = FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            ByteBuffer bytes = ByteBuffer.allocate(mebibytes * MEBI);
            while (bytes.hasRemaining()) {
                out.write(bytes);
            }
            out.force(true);
        }
    }

    /** Milliseconds. */
    private static double time(Runnable deed) {
        long start = System.nanoTime();
        deed.run();
        return (System.nanoTime() - start) / 1e6;
    }

    private static double median(double... figures) {
        double[] sorted = figures.clone();
        Arrays.sort(sorted);
        return sorted[sorted.length / 2];
    }

    @Test
    void aThousandSnapshotsOfAVolumeSlowNothingDown() throws IOException {
        try (OpenedStore store = OpenedStore.of(root, options())) {
            Volume app = store.volume("app", "then");
            double[] times = new double[MANY];
            for (int i = 0; i < MANY; i++) {
                String label = "s" + i;
                OpenedStore.write(app, "text " + i);
                times[i] = time(() -> OpenedStore.snapshot(app, label));
            }
            double early = median(Arrays.copyOfRange(times, 50, 200));
            double late = median(Arrays.copyOfRange(times, MANY - 150, MANY));
            System.Logger log = System.getLogger(ThinVolumesTest.class.getName());
            log.log(System.Logger.Level.INFO, "snapshot 50-200: {0} ms, the last 150 of 1,000: {1} ms", early, late);

            assertThat(late).as("the last beside %s ms", early).isLessThan(1.5 * early);
            assertThat(OpenedStore.read(app, "s500")).isEqualTo("text 500");
        }
        try (OpenedStore store = OpenedStore.of(root, options())) {
            assertThat(store.find("app").snapshots()).hasSize(MANY);
        }
    }

    @ParameterizedTest
    @CsvSource({"ext4,96 MiB", "xfs,400 MiB"})
    void aVolumeIsThereSoonWhateverItsSize(String filesystem, String size) throws IOException {
        Map<String, String> options = options("dm.fs", filesystem, "dm.basesize", size);
        List<Double> times = new ArrayList<>();
        try (OpenedStore store = OpenedStore.of(root, options)) {
            for (long gibi : new long[] {1, 1, 64, 1, 64}) {
                VolumeName name = VolumeName.of("v" + times.size());
                VolumeSpec spec = new VolumeSpec(OptionalLong.of(gibi << 30));
                times.add(time(() -> store.store().createVolume(name, spec)));
                assertThat(Files.getFileStore(store.find(name.value()).path()).getTotalSpace())
                        .isBetween((gibi << 30) * 9 / 10, gibi << 30);
            }
        }
        System.getLogger(ThinVolumesTest.class.getName())
                .log(System.Logger.Level.INFO, "volumes of 1, 1, 64, 1 and 64 GiB of {0}: {1} ms", filesystem, times);
        assertThat(median(times.get(2), times.get(4))).as("%s", times).isLessThan(2000);
    }

    @Test
    void argumentsOfMkfsAndOptionsOfMountAreUsed() throws IOException {
        try (OpenedStore store =
                OpenedStore.of(root, options("dm.mkfsarg", "-L ours -I 512", "dm.mountopt", "noatime,nodev"))) {
            Volume app = store.volume("app", "text");

            assertThat(TestDisks.run(
                            "findmnt",
                            "--noheadings",
                            "--output",
                            "OPTIONS",
                            app.path().toString()))
                    .contains("noatime", "nodev");
            assertThat(TestDisks.run("dumpe2fs", "-h", nodeBelow(app.path()).toString()))
                    .containsPattern("volume name: +ours")
                    .containsPattern("Inode size:\\s+512");
        }
    }

    @Test
    void whatMountOrMkfsDoNotTakeIsSaidAtOpening() throws IOException {
        assertThatThrownBy(() -> OpenedStore.of(root, options("dm.mountopt", "noatime,bogus"))
                        .close())
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.OPTION_INVALID))
                .hasMessageContaining("dm.mountopt")
                .hasMessageContaining("bogus");
        assertThatThrownBy(() ->
                        OpenedStore.of(root, options("dm.mkfsarg", "--bogus")).close())
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("mkfs.ext4");
        try (OpenedStore store = OpenedStore.of(root, options())) {
            store.volume("app", "text");
        }
        assertThatThrownBy(() ->
                        OpenedStore.of(root, options("dm.mountopt", "bogus")).close())
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.OPTION_INVALID));
        try (OpenedStore store = OpenedStore.of(root, options())) {
            assertThat(OpenedStore.read(store.find("app"))).isEqualTo("text");
        }
    }

    /** The device of what is mounted at a path. */
    private static Path nodeBelow(Path mounted) throws IOException {
        long number = Kernel.stat(mounted).device();
        String name = "dm-" + FileStat.minor(number);
        return BlockDevices.node(name, "varve-test-" + name, number);
    }

    @Test
    void aLargerBaseSizeHoldsForWhatIsMadeAfterItAndASmallerOneIsRefused() throws IOException {
        try (OpenedStore store = OpenedStore.of(root, options())) {
            store.volume("before", "text");
        }
        try (OpenedStore store = OpenedStore.of(root, options("dm.basesize", "192 MiB"))) {
            Path before = store.find("before").path();
            Path after = store.volume("after", "text").path();
            assertThat(OpenedStore.read(before)).isEqualTo("text");
            assertThat(Files.getFileStore(before).getTotalSpace()).isLessThan(96L * MEBI);
            assertThat(Files.getFileStore(after).getTotalSpace()).isBetween(160L * MEBI, 192L * MEBI);
        }
        assertThatThrownBy(() -> OpenedStore.of(root, options()).close())
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.OPTION_INVALID))
                .hasMessageContaining("dm.basesize");
    }

    @Test
    void aSnapshotTakenWhileItIsWrittenToNeedsNoRepair() throws Exception {
        AtomicBoolean enough = new AtomicBoolean();
        try (OpenedStore store = OpenedStore.of(root, options())) {
            Volume app = store.volume("app", "then");
            Thread writer = Thread.ofPlatform().start(() -> writeUntil(enough, app.path()));
            try {
                for (int i = 0; i < 10; i++) {
                    Thread.sleep(100);
                    OpenedStore.snapshot(app, "s" + i);
                }
            } finally {
                enough.set(true);
                writer.join();
            }
            for (int i = 0; i < 10; i++) {
                Path shown = app.path(SnapshotLabel.of("s" + i));
                Path node = nodeBelow(shown);
                // Says 0 where nothing is to be mended and no journal is to be brought home.
                TestDisks.run("fsck.ext4", "-n", "-f", node.toString());
                assertThat(TestDisks.run("dumpe2fs", "-h", node.toString())).doesNotContain("needs_recovery");
            }
        }
    }

    private static void writeUntil(AtomicBoolean enough, Path tree) {
        try {
            for (int i = 0; !enough.get(); i++) {
                Path file = tree.resolve("file" + i % 50);
                Files.write(file, new byte[100_000]);
                Files.deleteIfExists(tree.resolve("file" + (i + 25) % 50));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static double figure(DriverStatus status, String metric) {
        ToDoubleFunction<Usage> value =
                usage -> usage instanceof Usage.Real real ? real.value() : ((Usage.Whole) usage).value();
        return status.usage().stream()
                .filter(usage -> usage.metricName().filter(metric::equals).isPresent())
                .mapToDouble(value)
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + metric));
    }

    @Test
    void theStatusTellsHowPoolAndDevicesWereUsed() throws Exception {
        DiskWatch watch = new DiskWatch(DiskStatistics::read, Clock.systemUTC());
        try (OpenedStore store = OpenedStore.of(root, options())) {
            Volume app = store.volume("app", "text");
            store.volume("idle", "text");
            TestDisks.run("sync");
            DriverStatus before = DiskFigures.with(store.driver().status(), watch.report());
            assertThat(before.usage()).noneMatch(usage -> usage instanceof Usage.Real);
            assertThat(before.thinPool()).isPresent();

            watch.look();
            write(app.path().resolve("large"), 20);
            Thread.sleep(Duration.ofMillis(200));
            watch.look();
            DriverStatus after = DiskFigures.with(store.driver().status(), watch.report());

            assertThat(figure(after, "storage.device.wps.app")).isPositive();
            assertThat(figure(after, "storage.device.wps.app")).isGreaterThan(figure(after, "storage.device.wps.idle"));
            assertThat(figure(after, "storage.device.rps.app")).isNotNegative();
            assertThat(figure(after, "storage.device.await.app")).isNotNegative();
            assertThat(figure(after, "storage.pool.wps")).isNotNegative();
        }
    }
}
