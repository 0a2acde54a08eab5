package io.varve.driver.devicemapper;

import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** A filesystem that cannot be made larger stays in use as it is. */
@RequiresDeviceMapper
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class GrowthTroubleTest {
    private static final long GIBI = 1L << 30;

    private TestDisks disks;
    private Path root;
    private Map<String, String> options;

    @BeforeEach
    void prepare() throws IOException {
        disks = new TestDisks();
        root = disks.root("one");
        options = new HashMap<>(Map.of(
                "dm.loopdatasize",
                "512 MiB",
                "dm.loopdatamax",
                "512 MiB",
                "dm.loopmetadatasize",
                "16 MiB",
                "dm.basesize",
                "96 MiB"));
    }

    @AfterEach
    void clean() throws IOException {
        disks.close();
    }

    private static void assertUsable(Volume volume) throws IOException {
        assertThat(OpenedStore.read(volume)).isEqualTo("text");
        Files.writeString(volume.path().resolve("new"), "more");
        assertThat(volume.path().resolve("new")).hasContent("more");
        Files.delete(volume.path().resolve("new"));
    }

    @ParameterizedTest
    @CsvSource({"ext4,96 MiB", "xfs,400 MiB"})
    void aSizeWhoseFilesystemWouldFillThePoolIsRefusedAndNothingIsChanged(String filesystem, String size)
            throws IOException {
        options.put("dm.fs", filesystem);
        options.put("dm.basesize", size);
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "text");
            long before = Files.getFileStore(app.path()).getTotalSpace();

            assertThatThrownBy(() -> app.resize(1000 * GIBI))
                    .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                            .as("%s", refusal)
                            .isEqualTo(ErrorCode.NO_SPACE));

            assertThat(Files.getFileStore(app.path()).getTotalSpace()).isEqualTo(before);
            assertUsable(app);
            OpenedStore.snapshot(app, "one");
            app.resize(2 * GIBI);
            assertThat(Files.getFileStore(app.path()).getTotalSpace()).isGreaterThan(GIBI);
            assertUsable(app);
        }
        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertUsable(store.find("app"));
        }
    }

    /** As after a power cut between the book and the filesystem, where the pool got full meanwhile. */
    @Test
    void aVolumeWhoseGrowthFindsNoRoomIsThereAsItWas() throws IOException {
        try (OpenedStore store = OpenedStore.of(root, options)) {
            store.volume("app", "text");
        }
        Path book = root.resolve(".devicemapper/driver/devices/app");
        Files.move(book.resolve("2,100663296,head"), book.resolve("2," + 64 * GIBI + ",head"));

        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertThat(OpenedStore.read(store.find("app"))).isEqualTo("text");
        }
    }

    @Test
    void aFilesystemThatNotesAnErrorIsMountedAgain() throws IOException {
        try (OpenedStore store = OpenedStore.of(root, options)) {
            Volume app = store.volume("app", "text");
            TestDisks.run("sync");
            String device = "dm-" + FileStat.minor(Kernel.stat(app.path()).device());
            Files.writeString(Path.of("/sys/fs/ext4", device, "trigger_fs_error"), "1");
            assertThatThrownBy(() -> Files.createFile(app.path().resolve("refused")))
                    .isInstanceOf(IOException.class);

            app.release();
            assertUsable(app);
        }
        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertUsable(store.find("app"));
        }
    }
}
