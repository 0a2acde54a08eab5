package io.varve.driver.rsync;

import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.UUID;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RsyncRevertTest {
    @TempDir
    Path root;

    private TestStore store;
    private Path file;

    @BeforeEach
    void open() throws IOException {
        store = TestStore.withVolume(root);
        file = Files.writeString(store.head().resolve("file"), "before");
        Files.writeString(store.head().resolve("other"), "other");
        store.take("one");
    }

    @AfterEach
    void close() {
        store.close();
    }

    @Test
    void theHeadIsTheSnapshotAgainAndTheOldHeadIsKept() throws IOException {
        Files.writeString(file, "after");
        Files.delete(store.head().resolve("other"));
        Files.writeString(store.head().resolve("new"), "new");
        Map<String, String> old = TestStore.describe(store.head());
        long oldHead = TestStore.inode(store.head());

        store.revert("one", "undo");

        assertThat(TestStore.describe(store.head())).isEqualTo(TestStore.describe(store.snapshot("one")));
        assertThat(TestStore.describe(store.snapshot("undo"))).isEqualTo(old);
        assertThat(TestStore.inode(store.snapshot("undo"))).isEqualTo(oldHead);
        assertThat(store.labels()).containsExactly("one", "undo");
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void aFileOfEqualSizeAndTimeButOtherContentIsRestoredToo() throws IOException {
        TestStore.changeQuietly(file, "after!");

        store.revert("one", "undo");

        assertThat(file).hasContent("before");
        assertThat(store.snapshot("undo").resolve("file")).hasContent("after!");
    }

    @Test
    void writingToTheNewHeadLeavesTheSnapshotAlone() throws IOException {
        store.revert("one", "undo");
        Files.writeString(file, "AFTER");

        assertThat(store.snapshot("one").resolve("file")).hasContent("before");
    }

    @Test
    void theNextSnapshotSharesWithTheOneTheHeadCameFrom() throws IOException {
        Files.writeString(file, "between");
        store.take("two");
        store.revert("one", "undo");
        Files.writeString(store.head().resolve("other"), "OTHER");
        store.take("three");

        assertThat(TestStore.describe(store.snapshot("three"))).isEqualTo(TestStore.describe(store.head()));
        assertThat(TestStore.inode(store.snapshot("three").resolve("file")))
                .isEqualTo(TestStore.inode(store.snapshot("one").resolve("file")));
    }

    @Test
    void noSnapshotEverSharesWithAnUndoPointBecauseSomebodyMayStillWriteToIt() throws IOException {
        store.revert("one", "undo");
        store.revert("undo", "undo2");
        store.driver().deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of("one"));
        store.take("two");

        for (String undo : List.of("undo", "undo2")) {
            assertThat(TestStore.inode(store.snapshot("two").resolve("file")))
                    .isNotEqualTo(TestStore.inode(store.snapshot(undo).resolve("file")));
        }
    }

    @Test
    void aLabelThatWasACopyAndIsNowAnUndoPointIsNoBase() throws IOException {
        store.take("two");
        store.driver().deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of("two"));
        store.revert("one", "two");
        store.driver().deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of("one"));
        store.take("three");

        assertThat(TestStore.inode(store.snapshot("three").resolve("file")))
                .isNotEqualTo(TestStore.inode(store.snapshot("two").resolve("file")));
    }

    @Test
    void whatIsMissingOrInTheWayIsSaidAndNothingHappens() throws IOException {
        Map<String, String> before = TestStore.describe(store.head());

        assertThatThrownBy(() -> store.revert("absent", "undo"))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SNAPSHOT_NOT_FOUND));
        assertThatThrownBy(() -> store.revert("one", "one"))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SNAPSHOT_EXISTS));
        assertThat(TestStore.describe(store.head())).isEqualTo(before);
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void cancelledBeforeTheSwitchItLeavesEverythingAsItWas() throws IOException {
        Files.writeString(file, "after");
        Map<String, String> before = TestStore.describe(store.head());

        assertThatThrownBy(() -> store.driver()
                        .revert(
                                TestStore.VOLUME,
                                SnapshotLabel.of("one"),
                                SnapshotLabel.of("undo"),
                                TestStore.until(() -> true)))
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.CANCELLED));
        assertThat(TestStore.describe(store.head())).isEqualTo(before);
        assertThat(store.labels()).containsExactly("one");
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    /** What a process that dies leaves behind, made by hand: a room with the tree, and the intent that names it. */
    private final class Interrupted {
        private final Path room = store.layout
                .driverPrivate()
                .resolve("staging")
                .resolve(UUID.randomUUID().toString());
        private final Path tree = room.resolve("tree");
        private final String volume;
        private final String undo;

        Interrupted(String volume, String undo) throws IOException {
            this.volume = volume;
            this.undo = undo;
            Files.createDirectories(tree);
            Files.writeString(tree.resolve("file"), "restored");
        }

        void writeIntent() throws IOException {
            String text = "varve-rsync-intent 1\n" + TestStore.inode(tree) + "\n" + volume + "\n" + undo;
            Path intent = store.layout.driverPrivate().resolve("intents").resolve(room.getFileName());
            DurableFiles.replace(intent, text.getBytes(StandardCharsets.UTF_8));
        }
    }

    private void assertSettled(String head, List<String> labels) throws IOException {
        store.reopen();
        assertThat(file).hasContent(head);
        assertThat(store.labels()).isEqualTo(labels);
        store.reopen();
        assertThat(store.labels()).isEqualTo(labels);
        store.close();
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void diedWhileCopyingItIsUndone() throws IOException {
        new Interrupted("shop", "undo");

        assertSettled("before", List.of("one"));
    }

    @Test
    void diedBeforeTheSwitchItIsUndone() throws IOException {
        new Interrupted("shop", "undo").writeIntent();

        assertSettled("before", List.of("one"));
    }

    @Test
    void diedAfterTheSwitchItIsCompleted() throws IOException {
        Interrupted work = new Interrupted("shop", "undo");
        work.writeIntent();
        Kernel.exchange(work.tree, store.head());

        assertSettled("restored", List.of("one", "undo"));
        assertThat(store.snapshot("undo").resolve("file")).hasContent("before");
    }

    @Test
    void diedAfterNamingTheOldHeadItIsCompleted() throws IOException {
        Interrupted work = new Interrupted("shop", "undo");
        work.writeIntent();
        Kernel.exchange(work.tree, store.head());
        Kernel.renameNew(work.tree, store.snapshot("undo"));

        assertSettled("restored", List.of("one", "undo"));
        assertThat(store.snapshot("undo").resolve("file")).hasContent("before");
    }

    @Test
    void diedWhileWritingTheIntentItIsUndone() throws IOException {
        new Interrupted("shop", "undo");
        Files.writeString(
                DurableFiles.temporary(
                        store.layout.driverPrivate().resolve("intents").resolve("x")),
                "varve-rs");

        assertSettled("before", List.of("one"));
    }

    @Test
    void anOldHeadIsNeverThrownAwayWhateverIsInTheWay() throws IOException {
        Interrupted work = new Interrupted("shop", "one");
        work.writeIntent();
        Kernel.exchange(work.tree, store.head());

        assertThatThrownBy(() -> store.reopen())
                .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                        .isEqualTo(ErrorCode.SNAPSHOT_EXISTS))
                .hasMessageContaining(work.tree.toString());
        assertThat(work.tree.resolve("file")).hasContent("before");

        Kernel.renameNew(store.snapshot("one"), root.resolve("elsewhere"));
        store.reopen();
        assertThat(store.snapshot("one").resolve("file")).hasContent("before");
    }

    @Test
    void aVolumeWhoseMakerDiedIsThereOrNot() throws IOException {
        Interrupted before = new Interrupted("cart", "");
        before.writeIntent();
        Interrupted after = new Interrupted("till", "");
        after.writeIntent();
        Kernel.renameNew(after.tree, root.resolve("till"));

        store.reopen();

        assertThat(store.driver().volumes()).extracting("value").containsExactlyInAnyOrder("shop", "till");
        assertThat(root.resolve("cart")).doesNotExist();
    }

    @Test
    void aForeignDirectoryIsNotTakenForAVolumeWhoseMakerDied() throws IOException {
        Interrupted work = new Interrupted("cart", "");
        work.writeIntent();
        Files.createDirectory(root.resolve("cart"));

        store.reopen();

        assertThat(store.driver().volumes()).containsExactly(TestStore.VOLUME);
        assertThat(root.resolve("cart")).isEmptyDirectory();
    }

    @Test
    void aVolumeWhoseRemoverDiedIsGone() throws IOException {
        store.driver().deleteSnapshot(TestStore.VOLUME, SnapshotLabel.of("one"));
        Kernel.renameNew(store.head(), store.layout.driverPrivate().resolve("trash/x"));

        store.reopen();
        assertThat(store.driver().volumes()).isEmpty();
        assertThat(store.layout.driverPrivate().resolve("volumes")).isEmptyDirectory();
    }

    @Test
    void aVolumeWithSnapshotsWhoseHeadWasMovedAwayComesBackWithIt() throws IOException {
        Path away = root.resolve(".away");
        Kernel.renameNew(store.head(), away);
        store.reopen();
        assertThat(store.driver().volumes()).isEmpty();

        Kernel.renameNew(away, store.head());
        assertThat(store.driver().volumes()).containsExactly(TestStore.VOLUME);
    }
}
