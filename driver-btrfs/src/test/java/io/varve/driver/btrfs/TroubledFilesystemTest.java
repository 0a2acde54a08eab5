package io.varve.driver.btrfs;

import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.LockSupport;

import static io.varve.driver.btrfs.TestStore.ONE;
import static io.varve.driver.btrfs.TestStore.SHOP;
import static io.varve.driver.btrfs.TestStore.TWO;
import static io.varve.driver.btrfs.TestStore.UNDO;
import static io.varve.driver.btrfs.TestStore.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** What happens where the filesystem is full, read-only, gone, or loses power. */
@RequiresBtrfs
class TroubledFilesystemTest {
    private static final long SMALL = 128L << 20;

    private BtrfsFilesystem filesystem;
    private TestStore store;

    @BeforeEach
    void openStore() throws IOException {
        filesystem = BtrfsFilesystem.make(SMALL);
        store = new TestStore(filesystem.path().resolve("store"));
    }

    @AfterEach
    void removeFilesystem() throws IOException {
        filesystem.close();
    }

    @Test
    void everyReturnedChangeSurvivesAPowerCut() throws IOException {
        store.volume("first").snapshot(ONE);
        store.write("second").snapshot(TWO);
        powerCut();
        assertThat(store.content(ONE)).isEqualTo("first");
        assertThat(store.content(TWO)).isEqualTo("second");

        store.driver.deleteSnapshot(SHOP, TWO);
        powerCut();
        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);

        store.write("third").revert(ONE);
        powerCut();
        assertThat(store.content()).isEqualTo("first");
        assertThat(store.content(UNDO)).isEqualTo("third");

        Files.writeString(store.driver.begin(SHOP, TWO, 0).resolve("file"), "imported");
        store.driver.commit(SHOP, TWO);
        powerCut();
        assertThat(store.content(TWO)).isEqualTo("imported");
        assertThat(store.driver.status().errors()).isEmpty();
    }

    @Test
    void aSnapshotMakesNamesElsewhereInTheStoreDurable() throws IOException {
        store.volume("content");
        Path written = store.layout.catalog().resolve("written");
        DurableFiles.writeNew(written, new byte[] {4, 2});
        Path renamed = store.layout.journal().resolve("renamed");
        Files.move(written, renamed);
        assertThat(store.driver.capabilities()).contains(Capability.COMMITS_FILESYSTEM);

        store.snapshot(ONE);
        powerCut();

        assertThat(renamed).hasBinaryContent(new byte[] {4, 2});
        assertThat(written).doesNotExist();
    }

    @Test
    void whatWasWrittenForTheNextCommitIsDurableWithTheSnapshot() throws IOException {
        store.volume("content");
        byte[] small = "a record, as long as most are".repeat(10).getBytes(StandardCharsets.UTF_8);
        byte[] large = new byte[100_000];
        Arrays.fill(large, (byte) 'r');
        DurableFiles.writeNewBeforeCommit(store.layout.journal().resolve("small"), small);
        DurableFiles.writeNewBeforeCommit(store.layout.journal().resolve("large"), large);

        store.snapshot(ONE);
        powerCut();

        assertThat(store.layout.journal().resolve("small")).hasBinaryContent(small);
        assertThat(store.layout.journal().resolve("large")).hasBinaryContent(large);
    }

    @Test
    void aVolumeMadeOrRemovedSurvivesAPowerCut() throws IOException {
        store.driver.createVolume(SHOP, VolumeSpec.unlimited());
        powerCut();
        assertThat(store.driver.volumes()).containsExactly(SHOP);

        store.driver.deleteVolume(SHOP);
        powerCut();
        assertThat(store.driver.volumes()).isEmpty();
    }

    @Test
    void aRollbackWithNestedSubvolumesSurvivesAPowerCut() throws IOException {
        store.volume("old").snapshot(ONE);
        store.raw.create(store.head().resolve("machines"));
        store.write("new").revert(ONE);
        powerCut();

        assertThat(store.content()).isEqualTo("old");
        assertThat(store.content(UNDO)).isEqualTo("new");
        assertThat(TestStore.isReadOnly(store.at(UNDO))).isTrue();
        assertThat(store.at(UNDO).resolve("machines")).isDirectory();
    }

    @Test
    void aChangeThatOnlyTheLogHasAtAPowerCutIsOne() throws IOException {
        store.volume("then").snapshot(ONE);
        powerCut();
        assertThat(store.driver.isUnchanged(SHOP, ONE)).isTrue();

        try (FileChannel file = FileChannel.open(store.head().resolve("file"), StandardOpenOption.WRITE)) {
            file.write(ByteBuffer.wrap("ever".getBytes(StandardCharsets.UTF_8)));
            file.force(true);
        }
        powerCut();

        assertThat(store.content()).isEqualTo("ever");
        assertThat(store.driver.isUnchanged(SHOP, ONE)).isFalse();
    }

    private void powerCut() throws IOException {
        filesystem.losePower();
        store.reopen();
        assertThat(store.remains()).isEmpty();
    }

    /** On a new filesystem both kinds of numbers count from 256, so some directories meet the number of a volume. */
    @Test
    void aDirectoryWithTheNumberOfAVolumeBesideItIsNotTakenForOne() throws IOException {
        Set<Long> numbers = new HashSet<>();
        for (int i = 0; i < 20; i++) {
            VolumeName volume = VolumeName.of("volume" + i);
            store.driver.createVolume(volume, VolumeSpec.unlimited());
            numbers.add(StoreRoot.info(store.layout.volume(volume)).id());
        }
        int meetings = 0;
        for (int i = 0; i < 30; i++) {
            Path directory = Files.createDirectory(store.layout.root().resolve("directory" + i));
            meetings += numbers.contains(Kernel.stat(directory).inode()) ? 1 : 0;
        }

        assertThat(meetings).isPositive();
        assertThat(store.driver.volumes()).hasSize(20).allSatisfy(volume -> assertThat(volume.value())
                .startsWith("volume"));
    }

    @Test
    void onAFullDiskSnapshotsAndVolumesCanStillBeRemoved() throws IOException {
        store.volume("content").snapshot(ONE);
        fill(store.head());

        snapshotOrNoSpace(TWO);
        store.driver.deleteSnapshot(SHOP, ONE);
        store.driver.deleteSnapshot(SHOP, TWO);
        assertThat(store.driver.snapshots(SHOP)).isEmpty();
        store.driver.deleteVolume(SHOP);
        assertThat(store.driver.volumes()).isEmpty();
    }

    @Test
    void theSpaceOfWhatIsRemovedComesBackWithinSeconds() throws IOException {
        store.volume("content");
        fill(store.head());
        store.driver.deleteVolume(SHOP);

        Path file = store.layout.root().resolve("file");
        long deadline = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (!fits(file)) {
            assertThat(System.nanoTime()).isLessThan(deadline);
            LockSupport.parkNanos(Duration.ofMillis(10).toNanos());
        }
        assertThat(file).hasSize(8 << 20);
    }

    private static boolean fits(Path file) {
        try {
            Files.write(file, new byte[8 << 20]);
            return true;
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
            return false;
        }
    }

    @Test
    void onAFullDiskARollbackHappensWholeOrNotAtAll() throws IOException {
        store.volume("old").snapshot(ONE);
        store.write("new");
        fill(store.head());
        try {
            store.revert(ONE);
            assertThat(store.content()).isEqualTo("old");
            assertThat(store.content(UNDO)).isEqualTo("new");
        } catch (StorageException refused) {
            assertThat(refused.code()).as(refused.getMessage()).isEqualTo(ErrorCode.NO_SPACE);
            assertThat(store.content()).isEqualTo("new");
            assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);
        }
        assertThat(store.remains()).isEmpty();
    }

    private void snapshotOrNoSpace(SnapshotLabel label) throws IOException {
        try {
            store.snapshot(label);
            assertThat(store.content(label)).isEqualTo("content");
        } catch (StorageException refused) {
            assertThat(refused.code()).as(refused.getMessage()).isEqualTo(ErrorCode.NO_SPACE);
            assertThat(store.driver.snapshots(SHOP)).doesNotContain(label);
        }
    }

    /** Fills data first, then metadata with files small enough to live there. */
    private static void fill(Path directory) throws IOException {
        byte[] block = new byte[1 << 20];
        try (OutputStream large = Files.newOutputStream(directory.resolve("large"))) {
            while (true) {
                large.write(block);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
        byte[] small = new byte[2000];
        try {
            for (int i = 0; ; i++) {
                Files.write(directory.resolve("small" + i), small);
            }
        } catch (IOException full) {
            assertThat(full).hasMessageContaining("No space left");
        }
    }

    @Test
    void aReadOnlyFilesystemIsNamedAsTheReason() throws IOException {
        store.volume("content").snapshot(ONE);
        filesystem.remount("ro");

        for (ThrowingChange change : changes()) {
            StorageException failure = assertRefused(ErrorCode.IO_FAILED, change::run);
            assertThat(failure)
                    .hasMessageContaining(store.layout.root().toString())
                    .hasMessageContaining("read-only");
        }
        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);
        assertThat(store.driver.volumes()).containsExactly(SHOP);
    }

    @Test
    void aRootThatIsGoneIsNeverTakenForAnEmptyStore() throws IOException {
        store.volume("content").snapshot(ONE);
        filesystem.unmount();
        for (ThrowingChange change : changes()) {
            assertGone(change);
        }
        assertGone(() -> store.driver.volumes());
        assertGone(() -> store.driver.snapshots(SHOP));
        assertGone(() -> store.driver.status());
        Files.createDirectories(store.layout.snapshots(SHOP));
        assertGone(() -> store.driver.volumes());
        assertGone(() -> store.driver.snapshots(SHOP));

        filesystem.mount();
        assertThat(store.driver.volumes()).containsExactly(SHOP);
        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);
    }

    private void assertGone(ThrowingChange call) {
        StorageException failure = assertRefused(ErrorCode.IO_FAILED, call::run);
        assertThat(failure).hasMessageContaining(store.layout.root().toString()).hasMessageContaining("gone");
    }

    private List<ThrowingChange> changes() {
        return List.of(
                () -> store.driver.createVolume(VolumeName.of("other"), VolumeSpec.unlimited()),
                () -> store.snapshot(TWO),
                () -> store.revert(ONE),
                () -> store.driver.deleteSnapshot(SHOP, ONE),
                () -> store.driver.deleteVolume(SHOP),
                () -> store.driver.begin(SHOP, TWO, 0));
    }

    private interface ThrowingChange {
        void run() throws IOException;
    }

    @Test
    void aRootOnAnotherFilesystemIsUnsuitable(@TempDir Path elsewhere) throws IOException {
        Path mount = Files.createDirectory(elsewhere.resolve("mnt"));
        BtrfsFilesystem.run("mount", "-t", "tmpfs", "none", mount.toString());
        try {
            Path root = mount.resolve("not/there/yet");
            assertThat(new BtrfsDriverProvider().probe(root))
                    .isInstanceOfSatisfying(Availability.Unavailable.class, answer -> {
                        assertThat(answer.code()).isEqualTo(ErrorCode.FILESYSTEM_UNSUITABLE);
                        assertThat(answer.reason()).contains("tmpfs", mount.toString());
                    });
            StoreLayout layout = new StoreLayout(root, new BtrfsDriverProvider().type());
            assertRefused(ErrorCode.FILESYSTEM_UNSUITABLE, () -> new BtrfsDriverProvider().open(layout, Map.of()));
        } finally {
            BtrfsFilesystem.run("umount", mount.toString());
        }
    }

    @Test
    void aRootThatIsNotThereYetIsJudgedByWhatIsAboveIt() {
        assertThat(new BtrfsDriverProvider().probe(filesystem.path().resolve("a/b/c")))
                .isEqualTo(Availability.available());
        filesystem.remount("ro");
        assertThat(new BtrfsDriverProvider().probe(filesystem.path().resolve("a/b/c")))
                .isInstanceOfSatisfying(Availability.Unavailable.class, answer -> assertThat(answer.reason())
                        .contains("read-only"));
    }
}
