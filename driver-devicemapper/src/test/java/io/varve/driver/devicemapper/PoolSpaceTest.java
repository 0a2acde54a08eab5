package io.varve.driver.devicemapper;

import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.Volume;
import org.assertj.core.api.AbstractThrowableAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.function.BooleanSupplier;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertTimeout;

/** A pool that grows before it is full, one that gets full all the same, and what is given back. */
@RequiresDeviceMapper
class PoolSpaceTest {
    private static final int MEBI = 1 << 20;
    private static final Duration SOON = Duration.ofSeconds(50);

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
        Map<String, String> options = new HashMap<>(Map.of("dm.basesize", "512 MiB"));
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], pairs[i + 1]);
        }
        return options;
    }

    private static Map<String, String> onFiles(String size, String most) {
        return options("dm.loopdatasize", size, "dm.loopmetadatasize", "8 MiB", "dm.loopdatamax", most);
    }

    private static DriverStatus.Space data(OpenedStore store) {
        return store.driver().status().thinPool().orElseThrow().data();
    }

    /** Bytes that neither repeat nor compress, the same for the same name. */
    private static byte[] mebibyte(Path file, int number) {
        RandomGenerator random = RandomGeneratorFactory.of("L64X128MixRandom")
                .create(file.getFileName().hashCode() * 31L + number);
        byte[] bytes = new byte[MEBI];
        random.nextBytes(bytes);
        return bytes;
    }

    private static void write(Path file, int mebibytes) throws IOException {
        try (FileChannel out = FileChannel.open(
                file, StandardOpenOption.CREATE, StandardOpenOption.WRITE, StandardOpenOption.TRUNCATE_EXISTING)) {
            for (int i = 0; i < mebibytes; i++) {
                ByteBuffer bytes = ByteBuffer.wrap(mebibyte(file, i));
                while (bytes.hasRemaining()) {
                    out.write(bytes);
                }
                if (i % 16 == 15) {
                    out.force(false);
                }
            }
            out.force(true);
        }
    }

    private static void assertWritten(Path file, int mebibytes) throws IOException {
        try (FileChannel in = FileChannel.open(file)) {
            for (int i = 0; i < mebibytes; i++) {
                ByteBuffer bytes = ByteBuffer.allocate(MEBI);
                while (bytes.hasRemaining() && in.read(bytes) >= 0) {}
                assertThat(bytes.flip().equals(ByteBuffer.wrap(mebibyte(file, i))))
                        .as("MiB %d of %s", i, file)
                        .isTrue();
            }
        }
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(ErrorCode code, ThrowingCallable deed) {
        return assertThatThrownBy(deed)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        refusal -> assertThat(refusal.code()).as("%s", refusal).isEqualTo(code));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long end = System.nanoTime() + SOON.toNanos();
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(end);
            Thread.sleep(100);
        }
    }

    /** Writes until there is no room, which must not take long to be told. */
    private static void writeUntilFull(Volume volume) {
        assertTimeout(SOON, () -> assertThatThrownBy(() -> write(volume.path().resolve("filler"), 400))
                .isInstanceOf(IOException.class));
    }

    @Test
    void aPoolOnFilesGrowsWhileItIsWrittenTo() throws IOException {
        Map<String, String> options = onFiles("64 MiB", "1 GiB");
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "text");
            assertThat(data(store).total()).isEqualTo(64 * MEBI);
            write(app.path().resolve("large"), 300);
            OpenedStore.snapshot(app, "one");

            assertThat(data(store).total()).isGreaterThan(300 * MEBI);
            assertThat(store.driver().status().errors()).isEmpty();
        }
        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertWritten(store.find("app").path().resolve("large"), 300);
            assertThat(data(store).total()).isGreaterThan(300 * MEBI);
        }
    }

    @Test
    void aFullPoolOnFilesHarmsNobodyButWhoFilledIt() throws IOException {
        try (OpenedStore store = OpenedStore.of(root, onFiles("64 MiB", "128 MiB"))) {
            Volume greedy = store.volume("greedy", "text");
            Volume other = store.volume("other", "then");
            OpenedStore.snapshot(other, "one");
            OpenedStore.write(other, "now!");
            TestDisks.run("sync");
            writeUntilFull(greedy);

            assertThat(data(store).total()).isEqualTo(128 * MEBI);
            assertThat(store.driver().status().errors())
                    .singleElement()
                    .asString()
                    .contains("remove snapshots or volumes");
            assertThat(OpenedStore.read(other)).isEqualTo("now!");
            assertThat(OpenedStore.read(other, "one")).isEqualTo("then");
            assertRefused(ErrorCode.NO_SPACE, () -> OpenedStore.snapshot(other, "two"));
            assertRefused(ErrorCode.NO_SPACE, () -> OpenedStore.rollback(other, "one"));
            assertRefused(ErrorCode.NO_SPACE, () -> store.volume("third", "text"));

            store.store().removeVolume(VolumeName.of("greedy"));
            OpenedStore.snapshot(other, "two");
            OpenedStore.rollback(other, "one");
            assertThat(OpenedStore.read(other)).isEqualTo("then");
            write(store.volume("third", "text").path().resolve("large"), 20);
            assertThat(store.driver().status().errors()).isEmpty();
        }
    }

    @Test
    void aFullDiskHasRoomAgainWhenASnapshotGoesOrTheDiskGrows() throws Exception {
        Path data = disks.disk("data", 128 * MEBI);
        Map<String, String> options = options(
                "dm.datadev",
                data.toString(),
                "dm.metadatadev",
                disks.disk("metadata", 8 * MEBI).toString());
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "kept");
            OpenedStore.snapshot(app, "kept");
            write(app.path().resolve("large"), 50);
            OpenedStore.snapshot(app, "large");
            Files.delete(app.path().resolve("large"));
            writeUntilFull(app);
            assertThat(store.driver().status().errors()).isNotEmpty();

            OpenedStore.remove(app, "large");
            app.release();
            Files.deleteIfExists(app.path().resolve("filler"));
            write(app.path().resolve("next"), 20);
            assertThat(OpenedStore.read(app, "kept")).isEqualTo("kept");

            writeUntilFull(app);
            disks.grow(data, 512L * MEBI);
            await("the pool grew", () -> data(store).total() == 512L * MEBI);
            app.release();
            write(app.path().resolve("more"), 100);
            OpenedStore.snapshot(app, "grown");
            assertWritten(app.path().resolve("next"), 20);
            assertThat(store.driver().status().errors()).isEmpty();
        }
    }

    @Test
    void nothingNewIsMadeWhereLessIsFreeThanWanted() throws Exception {
        Map<String, String> options = new HashMap<>(onFiles("256 MiB", "256 MiB"));
        options.put("dm.min_free_space", "50%");
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "then");
            OpenedStore.snapshot(app, "one");
            write(app.path().resolve("large"), 150);

            assertRefused(ErrorCode.NO_SPACE, () -> OpenedStore.snapshot(app, "two"))
                    .hasMessageContaining("dm.min_free_space");
            assertThat(store.driver().status().errors())
                    .singleElement()
                    .asString()
                    .contains("nothing new is made");
            assertRefused(ErrorCode.NO_SPACE, () -> OpenedStore.rollback(app, "one"));
            assertRefused(ErrorCode.NO_SPACE, () -> store.volume("second", "text"));
            OpenedStore.write(app, "writing goes on");

            Files.delete(app.path().resolve("large"));
            TestDisks.run("sync");
            await("what was deleted is free in the pool", () -> data(store).used() < 100 * MEBI);
            OpenedStore.snapshot(app, "two");
            assertThat(OpenedStore.read(app, "two")).isEqualTo("writing goes on");
        }
    }

    @Test
    void fullMetadataIsRefusedAndHasRoomAgainWhenSnapshotsGo() throws IOException {
        Map<String, String> options = options(
                "dm.datadev", disks.disk("data", 1024L * MEBI).toString(),
                "dm.metadatadev", disks.disk("metadata", 2 * MEBI).toString(),
                "dm.min_free_space", "0%");
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "text");
            scatter(app, 1);
            int taken = snapshotsUntilRefused(app);
            assertThat(taken).isPositive();
            assertThat(store.driver().status().errors())
                    .anyMatch(error -> error.contains("remove snapshots or volumes"));
            assertThat(OpenedStore.read(app, "s0")).isEqualTo("text");

            for (int i = 0; i < taken; i++) {
                OpenedStore.remove(app, "s" + i);
            }
            app.release();
            OpenedStore.write(app, "goes on");
            OpenedStore.snapshot(app, "next");
            assertThat(OpenedStore.read(app, "next")).isEqualTo("goes on");
            assertThat(store.driver().status().errors()).isEmpty();
        }
    }

    @Test
    void metadataGrowsBeforeItIsFull() throws Exception {
        Map<String, String> options = new HashMap<>(onFiles("512 MiB", "1 GiB"));
        options.put("dm.loopmetadatasize", "2 MiB");
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "text");
            scatter(app, 1);
            for (int i = 0; i < 40; i++) {
                OpenedStore.snapshot(app, "s" + i);
                scatter(app, 100);
            }
            assertThat(metadata(store).used()).isGreaterThan(MEBI);
            assertThat(metadata(store).total()).isGreaterThan(2 * MEBI);
            assertThat(store.driver().status().errors()).isEmpty();
        }
    }

    @Test
    void metadataOnALargerDiskIsLargerToo() throws Exception {
        Path metadata = disks.disk("metadata", 4 * MEBI);
        Map<String, String> options =
                options("dm.datadev", disks.disk("data", 128 * MEBI).toString(), "dm.metadatadev", metadata.toString());
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "text");
            disks.grow(metadata, 16L * MEBI);
            await("the metadata grew", () -> metadata(store).total() == 16L * MEBI);
            OpenedStore.snapshot(app, "one");
            assertThat(OpenedStore.read(app, "one")).isEqualTo("text");
        }
    }

    private static DriverStatus.Space metadata(OpenedStore store) {
        return store.driver().status().thinPool().orElseThrow().metadata();
    }

    private static int snapshotsUntilRefused(Volume app) throws IOException {
        for (int i = 0; i < 200; i++) {
            String label = "s" + i;
            try {
                OpenedStore.snapshot(app, label);
            } catch (StorageException refusal) {
                assertThat(refusal.code()).as("%s", refusal).isEqualTo(ErrorCode.NO_SPACE);
                return i;
            }
            try {
                scatter(app, 100);
            } catch (IOException full) {
                assertRefused(ErrorCode.NO_SPACE, () -> OpenedStore.snapshot(app, "refused"))
                        .hasMessageContaining("metadata");
                return i + 1;
            }
        }
        throw new AssertionError("the metadata did not get full");
    }

    /** A little in every so-manieth of 2,000 of the pool's blocks. */
    private static void scatter(Volume app, int step) throws IOException {
        try (FileChannel out = FileChannel.open(
                app.path().resolve("scattered"), StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
            for (int block = 0; block < 2000; block += step) {
                out.write(ByteBuffer.wrap(new byte[] {(byte) System.nanoTime()}), block * 65536L);
            }
            out.force(true);
        }
    }

    @Test
    void whatIsDeletedIsFreedBelowThePoolToo() throws Exception {
        Path file = root.resolve(".devicemapper/driver/data");
        try (OpenedStore store = OpenedStore.of(root, onFiles("512 MiB", "512 MiB"))) {
            Volume app = store.volume("app", "text");
            Volume other = store.volume("other", "text");
            write(app.path().resolve("large"), 100);
            write(other.path().resolve("large"), 100);
            OpenedStore.snapshot(other, "shared");
            assertThat(disks.allocated(file)).isGreaterThan(200 * MEBI);

            Files.delete(app.path().resolve("large"));
            TestDisks.run("sync");
            await("a deleted file is freed", () -> allocated(file) < 150 * MEBI);

            store.store().removeVolume(VolumeName.of("other"));
            await("a removed volume is freed", () -> allocated(file) < 50 * MEBI);
            assertThat(data(store).used()).isLessThan(50 * MEBI);
        }
    }

    private long allocated(Path file) {
        try {
            return disks.allocated(file);
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }
}
