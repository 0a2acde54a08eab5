package io.varve.driver.devicemapper;

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
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Worlds in which a store cannot be made or changed: a clear code, and nothing is lost. */
@RequiresDeviceMapper
class PoolRefusalsTest {
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

    private static Map<String, String> options(String... pairs) {
        Map<String, String> options = new HashMap<>(Map.of("dm.basesize", "96 MiB"));
        for (int i = 0; i < pairs.length; i += 2) {
            options.put(pairs[i], pairs[i + 1]);
        }
        return options;
    }

    private static Map<String, String> on(Path data, Path metadata) {
        return options("dm.datadev", data.toString(), "dm.metadatadev", metadata.toString());
    }

    private void makePool(Path data, Path metadata, String features) throws IOException {
        disks.device(
                POOL, "0 " + TestDisks.sectors(data) + " thin-pool " + metadata + " " + data + " 128 0 " + features);
    }

    private static AbstractThrowableAssert<?, ?> assertRefused(ErrorCode code, ThrowingCallable deed) {
        return assertThatThrownBy(deed)
                .isInstanceOfSatisfying(
                        StorageException.class,
                        refusal -> assertThat(refusal.code()).as("%s", refusal).isEqualTo(code));
    }

    private AbstractThrowableAssert<?, ?> assertNotOpened(ErrorCode code, Map<String, String> options) {
        return assertRefused(code, () -> OpenedStore.of(root, options).close());
    }

    @Test
    void aPoolThatIsTooSmallIsRefusedWhereverItComesFrom() throws IOException {
        assertNotOpened(ErrorCode.OPTION_INVALID, options("dm.loopdatasize", "8 MiB"))
                .hasMessageContaining("too small");
        assertNotOpened(
                        ErrorCode.FILESYSTEM_UNSUITABLE,
                        on(disks.disk("small", 8 * MEBI), disks.disk("metadata", 8 * MEBI)))
                .hasMessageContaining("too small");
        makePool(disks.disk("tiny", 8 * MEBI), disks.disk("its-metadata", 8 * MEBI), "1 error_if_no_space");
        assertNotOpened(ErrorCode.FILESYSTEM_UNSUITABLE, options("dm.thinpooldev", POOL))
                .hasMessageContaining("too small");

        assertThat(TestDisks.dmsetup("status", POOL)).contains(" 0/128 ");
    }

    @Test
    void dataAnywhereOnTheDiskForMetadataIsLeftAsItIs() throws IOException {
        Path data = disks.disk("data", 256 * MEBI);
        Path metadata = disks.disk("metadata", 8 * MEBI);
        for (long position : new long[] {0, 4096, 3 * MEBI + 512, 8 * MEBI - 512}) {
            TestDisks.write(metadata, position, "precious");
            assertNotOpened(ErrorCode.FILESYSTEM_UNSUITABLE, on(data, metadata)).hasMessageContaining("dm.overwrite");
            assertThat(TestDisks.read(metadata, position, 8)).isEqualTo("precious");
            TestDisks.write(metadata, position, "");
        }
        OpenedStore.of(root, on(data, metadata)).close();
    }

    @Test
    void disksOfAPoolAtWorkAreBusy() throws IOException {
        Path data = disks.disk("data", 256 * MEBI);
        Path metadata = disks.disk("metadata", 8 * MEBI);
        makePool(data, metadata, "1 error_if_no_space");
        Map<String, String> options = on(data, metadata);
        options.put("dm.overwrite", "true");

        assertNotOpened(ErrorCode.BUSY, options).hasMessageContaining("in use");

        assertThat(TestDisks.dmsetup("status", POOL)).contains(" rw ");
    }

    @Test
    void aDiskThatCannotBeWrittenToIsRefusedAndFineAgainLater() throws IOException {
        Path data = disks.disk("data", 256 * MEBI);
        Path metadata = disks.disk("metadata", 8 * MEBI);
        Map<String, String> options = on(data, metadata);
        try (OpenedStore store = OpenedStore.of(root, options)) {
            OpenedStore.snapshot(store.volume("app", "then"), "one");
        }
        for (Path disk : new Path[] {data, metadata}) {
            TestDisks.run("blockdev", "--setro", disk.toString());
            try {
                assertNotOpened(ErrorCode.FILESYSTEM_UNSUITABLE, options)
                        .hasMessageContaining(disk.toString())
                        .hasMessageContaining("write-protected");
            } finally {
                TestDisks.run("blockdev", "--setrw", disk.toString());
            }
        }
        try (OpenedStore store = OpenedStore.of(root, options)) {
            assertThat(OpenedStore.read(store.find("app"), "one")).isEqualTo("then");
        }
    }

    @Test
    void aReadOnlyPoolIsReadAndNotChanged() throws IOException {
        Path data = disks.disk("data", 256 * MEBI);
        Path metadata = disks.disk("metadata", 8 * MEBI);
        makePool(data, metadata, "1 error_if_no_space");
        TestDisks.removeDevice(POOL);
        makePool(data, metadata, "2 read_only error_if_no_space");
        assertNotOpened(ErrorCode.FILESYSTEM_UNSUITABLE, options("dm.thinpooldev", POOL))
                .hasMessageContaining("cannot be written to");
        TestDisks.removeDevice(POOL);
        makePool(data, metadata, "1 error_if_no_space");
        try (OpenedStore store = OpenedStore.of(root, options("dm.thinpooldev", POOL))) {
            OpenedStore.snapshot(store.volume("app", "then"), "one");
        }
        TestDisks.removeDevice(POOL);
        makePool(data, metadata, "2 read_only error_if_no_space");

        try (OpenedStore store = OpenedStore.of(root, options("dm.thinpooldev", POOL))) {
            Volume app = store.find("app");
            assertThat(OpenedStore.read(app, "one")).isEqualTo("then");
            assertRefused(ErrorCode.IO_FAILED, () -> OpenedStore.snapshot(app, "two"))
                    .hasMessageContaining("made read-only");
            assertRefused(ErrorCode.IO_FAILED, () -> OpenedStore.rollback(app, "one"));
            assertRefused(ErrorCode.IO_FAILED, () -> OpenedStore.remove(app, "one"));
            assertRefused(ErrorCode.IO_FAILED, () -> store.store().removeVolume(VolumeName.of("app")));
            assertRefused(ErrorCode.IO_FAILED, () -> store.volume("second", "text"));
            assertThat(store.driver().status().errors()).anyMatch(error -> error.contains("made read-only"));
        }
        TestDisks.removeDevice(POOL);
        makePool(data, metadata, "1 error_if_no_space");
        try (OpenedStore store = OpenedStore.of(root, options("dm.thinpooldev", POOL))) {
            assertThat(OpenedStore.read(store.find("app"))).isEqualTo("then");
            OpenedStore.rollback(store.find("app"), "one");
            assertThat(store.driver().status().errors()).isEmpty();
        }
    }
}
