package io.varve.driver.rsync;

import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RsyncSnapshotTest {
    private static final RawName NOT_UTF8 = RawName.of(new byte[] {'x', (byte) 0xff, '\n', (byte) 0x80});

    @TempDir
    Path root;

    private TestStore store;

    @BeforeEach
    void open() throws IOException {
        store = TestStore.withVolume(root);
    }

    @AfterEach
    void close() {
        store.close();
    }

    private Path write(String name, String content) throws IOException {
        return Files.writeString(store.head().resolve(name), content);
    }

    @Test
    void aNewVolumeIsEmptyAndReadableByAllWhateverTheUmask() throws IOException {
        assertThat(store.head()).isEmptyDirectory();
        assertThat(Kernel.stat(store.head()).permissions()).isEqualTo(0755);
        assertThat(store.driver().volumes()).containsExactly(TestStore.VOLUME);
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void aDirectoryThatIsNotOursIsNoVolumeAndStays() throws IOException {
        Files.createDirectory(root.resolve("photos"));
        Files.writeString(root.resolve("photos/cat"), "meow");
        VolumeName photos = VolumeName.of("photos");

        assertThat(store.driver().volumes()).containsExactly(TestStore.VOLUME);
        assertThatThrownBy(() -> store.driver().createVolume(photos, VolumeSpec.unlimited()))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.PATH_IS_STORE));
        store.driver().deleteVolume(photos);
        store.reopen();

        assertThat(root.resolve("photos/cat")).hasContent("meow");
        assertThat(store.driver().volumes()).containsExactly(TestStore.VOLUME);
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void aSnapshotHasEverythingTheHeadHas() throws IOException {
        fillWithAllKinds(store.head());

        assertThat(store.take("full").warnings()).isEmpty();
        assertThat(TestStore.describe(store.snapshot("full"))).isEqualTo(TestStore.describe(store.head()));
        assertThat(Kernel.stat(store.snapshot("full").resolve("sparse")).blocks())
                .isLessThan(2048);

        assertThat(store.take("shared").warnings()).isEmpty();
        assertThat(TestStore.describe(store.snapshot("shared"))).isEqualTo(TestStore.describe(store.head()));
        assertThat(store.labels()).containsExactly("full", "shared");
    }

    private static void fillWithAllKinds(Path head) throws IOException {
        Files.writeString(Files.createDirectories(head.resolve("a/b")).resolve("file"), "content");
        Files.createDirectory(head.resolve("empty"));
        Files.createSymbolicLink(head.resolve("link"), Path.of("/nowhere"));
        Files.createLink(head.resolve("a/second"), head.resolve("a/b/file"));
        try (RandomAccessFile sparse =
                new RandomAccessFile(head.resolve("sparse").toFile(), "rw")) {
            sparse.seek(8 << 20);
            sparse.write(7);
        }
        try (Directory directory = Directory.open(head)) {
            directory.makeNode(RawName.of("fifo"), FileKind.FIFO, 0640, 0);
            directory.makeNode(RawName.of("socket"), FileKind.SOCKET, 0600, 0);
            directory.makeDirectory(NOT_UTF8, 0711);
            directory.setAttribute(RawName.of("a"), "user.colour", new byte[] {0, (byte) 0xff});
            directory.setPermissions(RawName.of("empty"), 01770);
            directory.setPermissions(RawName.of("sparse"), 04751);
            if (Kernel.isRoot()) {
                directory.makeNode(RawName.of("null"), FileKind.CHARACTER_DEVICE, 0666, FileStat.makeDevice(1, 3));
                directory.setOwner(RawName.of("sparse"), 1234, 4321);
                directory.setOwner(RawName.of("link"), 77, 78);
            }
            directory.setModified(RawName.of("link"), Instant.ofEpochSecond(-5, 123_456_789));
            directory.setModified(RawName.of("a"), Instant.ofEpochSecond(1_000_000_000, 1));
        }
        TestStore.setModified(head, Instant.ofEpochSecond(1_100_000_000, 999_999_999));
    }

    @Test
    void unchangedFilesAreSharedBetweenSnapshotsAndNeverWithTheHead() throws IOException {
        write("same", "1");
        write("changing", "1");
        store.take("one");
        write("changing", "22");
        store.take("two");

        assertThat(TestStore.inode(store.snapshot("two").resolve("same")))
                .isEqualTo(TestStore.inode(store.snapshot("one").resolve("same")));
        assertThat(TestStore.inode(store.snapshot("two").resolve("changing")))
                .isNotEqualTo(TestStore.inode(store.snapshot("one").resolve("changing")));
        assertThat(inodes(store.head()))
                .doesNotContainAnyElementsOf(inodes(store.snapshot("one")))
                .doesNotContainAnyElementsOf(inodes(store.snapshot("two")));
    }

    private static Set<Long> inodes(Path tree) throws IOException {
        Set<Long> inodes = new HashSet<>();
        try (Stream<Path> paths = Files.walk(tree)) {
            for (Path path : paths.toList()) {
                inodes.add(TestStore.inode(path));
            }
        }
        return inodes;
    }

    @Test
    void aFileWithOtherContentButEqualSizeAndTimeIsNotTakenForTheOldOne() throws IOException {
        Path file = write("file", "before");
        store.take("one");
        TestStore.changeQuietly(file, "after!");
        store.take("two");

        assertThat(store.snapshot("two").resolve("file")).hasContent("after!");
        assertThat(store.snapshot("one").resolve("file")).hasContent("before");
    }

    @Test
    void filesOfEqualSizeAndTimeWhoseDirectoriesChangedPlacesAreNotMistakenForEachOther() throws IOException {
        Instant time = Instant.ofEpochSecond(1_000_000_000);
        for (String colour : List.of("blue", "grey")) {
            Path directory =
                    Files.createDirectories(store.head().resolve("site").resolve(colour));
            TestStore.setModified(Files.writeString(directory.resolve("version"), colour), time);
        }
        store.take("one");
        Path site = store.head().resolve("site");
        Kernel.exchange(site.resolve("blue"), site.resolve("grey"));
        store.take("two");

        assertThat(store.snapshot("two").resolve("site/blue/version")).hasContent("grey");
        assertThat(store.snapshot("two").resolve("site/grey/version")).hasContent("blue");
    }

    @Test
    void twoChangesWithinASecondAreTwoStates() throws IOException {
        Instant second = Instant.ofEpochSecond(1_700_000_000);
        Path file = write("file", "1");
        TestStore.setModified(file, second);
        store.take("one");
        Files.writeString(file, "2");
        TestStore.setModified(file, second.plusNanos(1));
        store.take("two");

        assertThat(store.snapshot("two").resolve("file")).hasContent("2");
    }

    @Test
    void aFileThatWasOnlyTouchedStaysShared() throws IOException {
        Path file = write("file", "content");
        store.take("one");
        Instant time = Files.getLastModifiedTime(file).toInstant();
        Files.setLastModifiedTime(file, java.nio.file.attribute.FileTime.from(time.plusSeconds(9)));
        TestStore.setModified(file, time);
        store.take("two");

        assertThat(TestStore.inode(store.snapshot("two").resolve("file")))
                .isEqualTo(TestStore.inode(store.snapshot("one").resolve("file")));
    }

    @Test
    void newAttributesMakeANewFileAndLeaveTheOlderSnapshotAlone() throws IOException {
        Path file = write("file", "content");
        store.take("one");
        Map<String, String> before = TestStore.describe(store.snapshot("one"));
        Kernel.setPermissions(file, 0600);
        try (Directory head = Directory.open(store.head())) {
            head.setAttribute(RawName.of("file"), "user.note", new byte[] {1});
        }
        store.take("two");

        assertThat(TestStore.describe(store.snapshot("one"))).isEqualTo(before);
        assertThat(TestStore.describe(store.snapshot("two"))).isEqualTo(TestStore.describe(store.head()));
    }

    @Test
    void hardLinksThatWereMadeOrSeparatedSinceAreAsInTheHead() throws IOException {
        Path apart = write("apart", "one file, later two");
        Files.createLink(store.head().resolve("apart2"), apart);
        Path joined = write("joined", "two files, later one");
        Files.copy(joined, store.head().resolve("joined2"), StandardCopyOption.COPY_ATTRIBUTES);
        write("kept", "one file");
        Files.createLink(store.head().resolve("kept2"), store.head().resolve("kept"));
        store.take("one");

        Path copy = store.head().resolve("copy");
        Files.copy(apart, copy, StandardCopyOption.COPY_ATTRIBUTES);
        Files.move(copy, store.head().resolve("apart2"), StandardCopyOption.REPLACE_EXISTING);
        Files.delete(store.head().resolve("joined2"));
        Files.createLink(store.head().resolve("joined2"), joined);
        store.take("two");

        assertThat(TestStore.describe(store.snapshot("two"))).isEqualTo(TestStore.describe(store.head()));
        assertThat(TestStore.inode(store.snapshot("two").resolve("kept")))
                .isEqualTo(TestStore.inode(store.snapshot("one").resolve("kept")));
    }

    @Test
    void withTheChecksumOptionEveryFileIsReadAndUnchangedOnesAreStillShared() throws IOException {
        store.close();
        store = TestStore.open(root, Map.of("rsync.checksum", "true"));
        Path file = write("file", "before");
        write("same", "same");
        store.take("one");
        TestStore.changeQuietly(file, "after!");
        store.take("two");

        assertThat(store.snapshot("two").resolve("file")).hasContent("after!");
        assertThat(TestStore.inode(store.snapshot("two").resolve("same")))
                .isEqualTo(TestStore.inode(store.snapshot("one").resolve("same")));
    }

    @Test
    void whenTheNewestSnapshotWasRemovedTheNextSharesWithTheOneBefore() throws IOException {
        write("file", "content");
        store.take("one");
        store.take("two");
        store.driver().deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of("two"));
        store.take("three");

        assertThat(TestStore.inode(store.snapshot("three").resolve("file")))
                .isEqualTo(TestStore.inode(store.snapshot("one").resolve("file")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"-rf", "a b", "host:path", "*?[x]", "--delete", "naïve ☃", "back\\slash", "#1", "'\"$(x)"})
    void everyNameIsJustAName(String name) throws IOException {
        VolumeName volume = VolumeName.of(name);
        SnapshotLabel label = SnapshotLabel.of(name);
        SnapshotLabel undo = SnapshotLabel.of(name + ".undo");
        store.driver().createVolume(volume, VolumeSpec.unlimited());
        Path head = store.layout.volume(volume);
        Files.writeString(Files.createDirectory(head.resolve(name)).resolve(name), "content");

        store.driver().createSnapshot(volume, label, Work.unwatched());
        Files.writeString(head.resolve(name).resolve(name + "2"), "more");
        store.driver().createSnapshot(volume, undo, Work.unwatched());
        store.driver().deleteSnapshot(volume, undo);
        store.driver().revert(volume, label, undo, Work.unwatched());

        assertThat(store.driver().snapshots(volume)).containsExactlyInAnyOrder(label, undo);
        assertThat(TestStore.describe(store.layout.snapshot(volume, label))).isEqualTo(TestStore.describe(head));
        assertThat(store.layout.snapshot(volume, undo).resolve(name).resolve(name + "2"))
                .hasContent("more");
        store.driver().deleteSnapshot(volume, label);
        store.driver().deleteSnapshot(volume, undo);
        store.driver().deleteVolume(volume);
        assertThat(store.driver().volumes()).containsExactly(TestStore.VOLUME);
    }

    @Test
    void nobodyButTheStoresOwnerReachesSnapshots() throws IOException {
        store.take("one");

        assertThat(Kernel.stat(store.layout.snapshots(TestStore.VOLUME)).permissions())
                .isEqualTo(0700);
        assertThat(Kernel.stat(store.layout.driverPrivate()).permissions()).isEqualTo(0700);
    }

    @Test
    void anExistingSnapshotIsNeverReplaced() throws IOException {
        write("file", "1");
        store.take("one");
        write("file", "2");

        assertThatThrownBy(() -> store.take("one"))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SNAPSHOT_EXISTS));
        assertThat(store.snapshot("one").resolve("file")).hasContent("1");
    }

    @Test
    void removalIsIdempotentAndTakesEverything() throws IOException {
        write("file", "1");
        store.take("one");
        for (int i = 0; i < 2; i++) {
            store.driver().deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of("one"));
            store.driver().deleteVolume(TestStore.VOLUME);
        }
        store.close();

        assertThat(store.head()).doesNotExist();
        assertThat(store.layout.snapshots()).isEmptyDirectory();
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void aSnapshotFromOutsideAppearsWholeWhenItIsCommitted() throws IOException {
        SnapshotLabel label = SnapshotLabel.of("imported");
        Path stale = store.driver().begin(TestStore.VOLUME, label, 0);
        Files.writeString(stale.resolve("stale"), "of an earlier attempt");
        Path tree = store.driver().begin(TestStore.VOLUME, label, 100);
        Files.writeString(tree.resolve("file"), "from outside");
        assertThat(store.labels()).isEmpty();

        store.driver().commit(TestStore.VOLUME, label);
        store.driver().abandon(TestStore.VOLUME, label);

        assertThat(store.labels()).containsExactly("imported");
        assertThat(store.snapshot("imported").resolve("file")).hasContent("from outside");
        assertThat(store.snapshot("imported").resolve("stale")).doesNotExist();
    }

    @Test
    void aSnapshotSharesWithAnImportedOneOnlyWhatIsReallyEqual() throws IOException {
        Instant time = Instant.ofEpochSecond(1_000_000_000);
        SnapshotLabel label = SnapshotLabel.of("imported");
        Path tree = store.driver().begin(TestStore.VOLUME, label, 0);
        for (Path directory : List.of(tree, store.head())) {
            TestStore.setModified(Files.writeString(directory.resolve("equal"), "equal"), time);
            TestStore.setModified(
                    Files.writeString(directory.resolve("other"), directory.equals(tree) ? "1111" : "2222"), time);
        }
        store.driver().commit(TestStore.VOLUME, label);
        store.take("one");

        assertThat(store.snapshot("one").resolve("other")).hasContent("2222");
        assertThat(TestStore.inode(store.snapshot("one").resolve("equal")))
                .isEqualTo(TestStore.inode(store.snapshot("imported").resolve("equal")));
    }

    @Test
    void whatAnImportNeedsAtLeastIsAskedForFirst() {
        assertThatThrownBy(() -> store.driver().begin(TestStore.VOLUME, SnapshotLabel.of("big"), Long.MAX_VALUE))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.NO_SPACE));
    }

    @Test
    void whatIsNotThereIsNamedWithItsCode() {
        VolumeName absent = VolumeName.of("absent");
        SnapshotLabel label = SnapshotLabel.of("absent");

        assertThat(store.driver().snapshots(absent)).isEmpty();
        assertThatThrownBy(() -> store.driver().createSnapshot(absent, label, Work.unwatched()))
                .isInstanceOfSatisfying(StorageException.class, failure -> {
                    assertThat(failure.code()).isEqualTo(ErrorCode.VOLUME_NOT_FOUND);
                    assertThat(failure.details()).containsEntry("volume", "absent");
                });
        assertThatThrownBy(() -> store.driver().expose(TestStore.VOLUME, Optional.of(label)))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SNAPSHOT_NOT_FOUND));
    }

    @Test
    void sizesAreRefused() {
        VolumeSpec sized = new VolumeSpec(OptionalLong.of(1 << 30));

        assertThatThrownBy(() -> store.driver().createVolume(VolumeName.of("sized"), sized))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.NOT_SUPPORTED));
        assertThatThrownBy(() -> store.driver().resize(TestStore.VOLUME, 1 << 30))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.NOT_SUPPORTED));
    }

    @Test
    void statusTellsTheSpaceOfTheFilesystem() {
        var status = store.driver().status();

        assertThat(status.space().used() + status.space().available())
                .isEqualTo(status.space().total());
        assertThat(status.data()).containsEntry("DataFile", root.toString());
        assertThat(status.usage()).extracting("type").containsExactly("Total Bytes", "Used Bytes", "Available Bytes");
        assertThat(status.usage().getFirst().label()).startsWith(root + " on ");
        assertThat(status.errors()).isEmpty();
    }
}
