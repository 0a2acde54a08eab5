package io.varve.driver.btrfs;

import io.varve.linux.Kernel;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.Usage;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;

import static io.varve.driver.btrfs.TestStore.ONE;
import static io.varve.driver.btrfs.TestStore.SHOP;
import static io.varve.driver.btrfs.TestStore.TWO;
import static io.varve.driver.btrfs.TestStore.UNDO;
import static io.varve.driver.btrfs.TestStore.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@RequiresBtrfs
class BtrfsDriverTest {
    private static BtrfsFilesystem filesystem;
    private TestStore store;

    @BeforeAll
    static void makeFilesystem() throws IOException {
        filesystem = BtrfsFilesystem.make();
    }

    @AfterAll
    static void removeFilesystem() throws IOException {
        filesystem.close();
    }

    @BeforeEach
    void openStore(TestInfo test) throws IOException {
        store = new TestStore(
                filesystem.path().resolve(test.getTestMethod().orElseThrow().getName()));
    }

    @Test
    void aVolumeIsAnEmptySubvolumeThatAnybodyMayEnter() throws IOException {
        store.volume("content");

        assertThat(store.driver.volumes()).containsExactly(SHOP);
        assertThat(Kernel.stat(store.head()).permissions()).isEqualTo(0755);
        assertThat(Kernel.stat(store.head()).inode()).isEqualTo(BtrfsIoctls.TOP_INODE);
        assertThat(store.remains()).isEmpty();
        assertRefused(ErrorCode.VOLUME_EXISTS, () -> store.volume("again"));
        assertThat(store.content()).isEqualTo("content");
    }

    @Test
    void aSizeIsRefusedBecauseVolumesHaveNone() {
        VolumeSpec sized = new VolumeSpec(OptionalLong.of(1 << 20));

        assertRefused(ErrorCode.NOT_SUPPORTED, () -> store.driver.createVolume(SHOP, sized));
        assertRefused(ErrorCode.NOT_SUPPORTED, () -> store.driver.resize(SHOP, 1 << 20));
        assertThat(store.driver.volumes()).isEmpty();
    }

    @Test
    void foreignThingsInTheRootAreNeitherVolumesNorTouched() throws IOException {
        Path directory = Files.createDirectories(store.layout.root().resolve("shop/inner"));
        Files.writeString(store.layout.root().resolve("note"), "text");
        store.raw.create(store.layout.root().resolve("bad..name"));

        assertThat(store.driver.volumes()).isEmpty();
        assertRefused(ErrorCode.PATH_IS_STORE, () -> store.driver.createVolume(SHOP, VolumeSpec.unlimited()));
        assertRefused(
                ErrorCode.PATH_IS_STORE,
                () -> store.driver.createVolume(VolumeName.of("note"), VolumeSpec.unlimited()));
        assertRefused(ErrorCode.VOLUME_NOT_FOUND, () -> store.snapshot(ONE));
        store.driver.deleteVolume(SHOP);
        assertThat(directory).exists();
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void aSnapshotOutlivesItsVolumeAndNothingOutlivesBoth() throws IOException {
        store.volume("content").snapshot(ONE);
        store.driver.deleteVolume(SHOP);
        store.reopen();
        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);

        store.driver.deleteSnapshot(SHOP, ONE);
        assertThat(store.layout.snapshots()).isEmptyDirectory();
    }

    @Test
    void strayFilesInPlacesOfOursStopNothing() throws IOException {
        store.volume("content").snapshot(ONE);
        Files.createFile(store.layout.snapshots().resolve("stray"));
        Files.createDirectories(store.layout.driverPrivate().resolve("building"));
        Files.createFile(store.layout.driverPrivate().resolve("building/stray"));
        Files.createDirectories(store.layout.driverPrivate().resolve("reverting"));
        Files.createFile(store.layout.driverPrivate().resolve("reverting/stray"));

        store.reopen();

        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);
        assertThat(store.driver.status().errors()).isEmpty();
    }

    @Test
    void aPlainDirectoryAmongTheSnapshotsIsNoneOfThem() throws IOException {
        store.volume("content");
        store.snapshot(ONE);
        Files.createDirectory(store.at(TWO));

        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);
        assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> store.snapshot(TWO));
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> store.revert(TWO));
        store.driver.deleteSnapshot(SHOP, TWO);
        assertThat(store.at(TWO)).isDirectory();
    }

    @Test
    void aSnapshotIsReadOnlyAndKeepsWhatWasThere() throws IOException {
        store.volume("before");

        assertThat(store.snapshot(ONE).warnings()).isEmpty();
        store.write("after");

        assertThat(store.content(ONE)).isEqualTo("before");
        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);
        assertThat(store.driver.expose(SHOP, Optional.of(ONE))).isEqualTo(store.at(ONE));
        assertThatThrownBy(() -> Files.writeString(store.at(ONE).resolve("file"), "changed"))
                .isInstanceOf(FileSystemException.class)
                .hasMessageContaining("Read-only");
        assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> store.snapshot(ONE));
    }

    @Test
    void aFileThatIsOpenStaysOpenAndTheSnapshotStandsStill() throws IOException {
        store.volume("");
        try (FileChannel open = FileChannel.open(store.head().resolve("file"), StandardOpenOption.WRITE)) {
            open.write(ByteBuffer.wrap("first".getBytes(StandardCharsets.UTF_8)));
            store.snapshot(ONE);
            open.write(ByteBuffer.wrap(" second".getBytes(StandardCharsets.UTF_8)));
        }
        assertThat(store.content(ONE)).isEqualTo("first");
        assertThat(store.content()).isEqualTo("first second");
    }

    @Test
    void aSnapshotForWhichThereIsNoSpaceIsNotThere() throws IOException {
        store.volume("content");
        store.driver = new BtrfsDriver(store.layout, FailingSubvolumes.noSpace(), true);

        assertRefused(ErrorCode.NO_SPACE, () -> store.snapshot(ONE));
        assertThat(store.driver.snapshots(SHOP)).isEmpty();
    }

    @Test
    void errorsNameTheVolumeAndTheSnapshotConcerned() throws IOException {
        assertThat(assertRefused(ErrorCode.VOLUME_NOT_FOUND, () -> store.snapshot(ONE))
                        .details())
                .isEqualTo(Map.of("volume", "shop", "snapshot", "one"));
        store.volume("content").snapshot(ONE);
        store.snapshot(UNDO);
        assertThat(assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> store.revert(ONE))
                        .details())
                .isEqualTo(Map.of("volume", "shop", "snapshot", "undo"));
    }

    @Test
    void cancelledWorkTakesNoSnapshot() throws IOException {
        store.volume("content");

        assertRefused(ErrorCode.CANCELLED, () -> store.driver.createSnapshot(SHOP, ONE, TestStore.CANCELLED));
        assertThat(store.driver.snapshots(SHOP)).isEmpty();
    }

    @Test
    void oddNamesAreNamesLikeAnyOther() throws IOException {
        List<String> names = List.of("a b", "-rf", "путь", "x_y_z", "%20;$(id)`'\"\\", "ü".repeat(64), "sub@{0}#~");
        for (String name : names) {
            VolumeName volume = VolumeName.of(name);
            SnapshotLabel label = SnapshotLabel.of(name);
            store.driver.createVolume(volume, VolumeSpec.unlimited());
            store.driver.createSnapshot(volume, label, Work.unwatched());
            store.driver.revert(volume, label, UNDO, Work.unwatched());
            assertThat(store.driver.snapshots(volume)).containsExactlyInAnyOrder(label, UNDO);
        }
        assertThat(store.driver.volumes()).extracting(VolumeName::value).containsExactlyInAnyOrderElementsOf(names);
        for (String name : names) {
            store.driver.deleteSnapshot(VolumeName.of(name), SnapshotLabel.of(name));
            store.driver.deleteSnapshot(VolumeName.of(name), UNDO);
            store.driver.deleteVolume(VolumeName.of(name));
        }
        assertThat(store.driver.volumes()).isEmpty();
        assertThat(StoreRoot.entries(store.layout.snapshots())).isEmpty();
    }

    @Test
    void whatIsAbsentIsRemovedAlready() throws IOException {
        store.driver.deleteVolume(SHOP);
        store.driver.deleteSnapshot(SHOP, ONE);

        store.volume("content");
        store.driver.deleteSnapshot(SHOP, ONE);
        assertThat(store.driver.snapshots(VolumeName.of("unknown"))).isEmpty();
        assertThat(store.content()).isEqualTo("content");
    }

    @Test
    void nestedSubvolumesAreNamedAndNeverRemoved() throws IOException {
        store.volume("content");
        Files.createDirectory(store.head().resolve("lib"));
        store.raw.create(store.head().resolve("lib/machines"));
        Files.writeString(store.head().resolve("lib/machines/data"), "precious");

        assertThat(store.snapshot(ONE).warnings()).singleElement().asString().contains("lib/machines");
        assertThat(store.at(ONE).resolve("lib/machines")).isEmptyDirectory();

        StorageException refused = assertRefused(ErrorCode.BUSY, () -> store.driver.deleteVolume(SHOP));
        assertThat(refused).hasMessageContaining("lib/machines");
        assertThat(store.head().resolve("lib/machines/data")).hasContent("precious");
    }

    @Test
    void whatWouldRefuseARemovalIsToldBeforehand() throws IOException {
        store.volume("content");
        store.snapshot(ONE);
        store.raw.create(store.head().resolve("machines"));
        store.driver.revert(SHOP, ONE, UNDO, Work.unwatched());

        assertThat(store.driver.obstacles(SHOP, Optional.empty())).isEmpty();
        assertThat(store.driver.obstacles(SHOP, Optional.of(ONE))).isEmpty();
        assertThat(store.driver.obstacles(SHOP, Optional.of(TWO))).isEmpty();
        assertThat(store.driver.obstacles(SHOP, Optional.of(UNDO)))
                .singleElement()
                .asString()
                .contains("undo", "machines", "btrfs subvolume delete");
        StorageException refused = assertRefused(ErrorCode.BUSY, () -> store.driver.deleteSnapshot(SHOP, UNDO));
        assertThat(refused).hasMessageContaining("machines");
    }

    @Test
    void manyNestedSubvolumesAreAllFound() throws IOException {
        store.volume("content");
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 300; i++) {
            store.raw.create(store.head().resolve("nested" + i));
            expected.add("nested" + i);
        }

        assertThat(StoreRoot.nested(store.head())).containsExactlyInAnyOrderElementsOf(expected);
        assertThat(store.snapshot(ONE).warnings()).singleElement().asString().contains("and 290 more");
    }

    @Test
    void aMountInsideStopsRemovalAndRollback() throws IOException {
        store.volume("content");
        store.snapshot(ONE);
        Path inside = Files.createDirectory(store.head().resolve("inside"));
        BtrfsFilesystem.run("mount", "-t", "tmpfs", "none", inside.toString());
        try {
            Files.writeString(inside.resolve("data"), "precious");

            StorageException refused = assertRefused(ErrorCode.BUSY, () -> store.driver.deleteVolume(SHOP));
            assertThat(refused).hasMessageContaining(inside.toString());
            assertRefused(ErrorCode.BUSY, () -> store.revert(ONE));
            assertThat(inside.resolve("data")).hasContent("precious");
        } finally {
            BtrfsFilesystem.run("umount", inside.toString());
        }
        store.revert(ONE);
    }

    @Test
    void whatAMountHidesIsBusyAndNotAbsent() throws IOException {
        store.volume("content");
        BtrfsFilesystem.run("mount", "-t", "tmpfs", "none", store.head().toString());
        try {
            assertRefused(ErrorCode.BUSY, () -> store.snapshot(ONE));
            assertRefused(ErrorCode.BUSY, () -> store.driver.deleteVolume(SHOP));
            assertRefused(ErrorCode.BUSY, () -> store.driver.expose(SHOP, Optional.empty()));
            assertThat(store.driver.volumes()).containsExactly(SHOP);
        } finally {
            BtrfsFilesystem.run("umount", store.head().toString());
        }
        assertThat(store.content()).isEqualTo("content");
    }

    @Test
    void anImportAppearsOnlyWhenItIsWholeAndThenReadOnly() throws IOException {
        Path tree = store.driver.begin(SHOP, ONE, 10);
        Files.writeString(tree.resolve("file"), "imported");
        assertThat(store.driver.snapshots(SHOP)).isEmpty();

        store.driver.commit(SHOP, ONE);

        assertThat(store.content(ONE)).isEqualTo("imported");
        assertThat(TestStore.isReadOnly(store.at(ONE))).isTrue();
        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);
        assertThat(store.remains()).isEmpty();
        assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> store.driver.begin(SHOP, ONE, 0));
    }

    @Test
    void anImportBeginsEmptyWhateverAnEarlierAttemptLeft() throws IOException {
        Files.writeString(store.driver.begin(SHOP, ONE, 0).resolve("file"), "half");
        assertThat(store.driver.begin(SHOP, ONE, 0)).isEmptyDirectory();

        Files.writeString(store.driver.begin(SHOP, ONE, 0).resolve("file"), "half");
        store.reopen();
        assertThat(store.remains()).isEmpty();
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> store.driver.commit(SHOP, ONE));

        store.driver.begin(SHOP, ONE, 0);
        store.driver.abandon(SHOP, ONE);
        store.driver.abandon(SHOP, ONE);
        assertThat(store.remains()).isEmpty();
        assertRefused(ErrorCode.NO_SPACE, () -> store.driver.begin(SHOP, ONE, 1L << 40));
    }

    @Test
    void aVolumeThatWasNotFinishedIsGoneAfterTheNextOpen() throws IOException {
        store.volume("content");
        store.raw.create(store.layout.driverPrivate().resolve("creating/half"));

        store.reopen();

        assertThat(store.remains()).isEmpty();
        assertThat(store.driver.volumes()).containsExactly(SHOP);
    }

    @Test
    void theStatusHasTheKernelsOwnFigures() throws IOException {
        store.volume("x".repeat(1 << 20));
        store.snapshot(ONE);

        DriverStatus status = store.driver.status();

        assertThat(status.data())
                .isEqualTo(Map.of("DataFile", store.layout.root().toString()));
        assertThat(status.usage())
                .extracting(usage -> usage.label() + " " + usage.type())
                .contains(
                        "Data single Total",
                        "Data single Used",
                        "System DUP Used",
                        "Metadata DUP Total",
                        "GlobalReserve single Used");
        assertThat(status.usage())
                .filteredOn(usage -> usage.label().equals("Data single"))
                .allSatisfy(usage -> assertThat(usage)
                        .isInstanceOfSatisfying(Usage.Whole.class, figure -> assertThat(figure.value())
                                .isGreaterThanOrEqualTo(1 << 20)));
        assertThat(status.space().total()).isEqualTo(512L << 20);
        assertThat(status.errors()).isEmpty();
        assertThat(store.driver.capabilities()).isEqualTo(new BtrfsDriverProvider().capabilities());
    }

    @Test
    void aRootReachedThroughASymlinkIsAStoreToo() throws IOException {
        Path link = filesystem.path().resolve("link");
        Files.createSymbolicLink(link, store.layout.root());
        TestStore linked = new TestStore(link).volume("content");
        Path inside = Files.createDirectory(linked.head().resolve("inside"));
        BtrfsFilesystem.run("mount", "-t", "tmpfs", "none", inside.toString());
        try {
            assertRefused(ErrorCode.BUSY, () -> linked.driver.deleteVolume(SHOP));
        } finally {
            BtrfsFilesystem.run("umount", inside.toString());
        }
        assertThat(linked.driver.expose(SHOP, Optional.empty())).isEqualTo(link.resolve("shop"));
        assertThat(store.driver.volumes()).containsExactly(SHOP);
    }
}
