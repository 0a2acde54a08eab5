package io.varve.driver.btrfs;

import io.varve.linux.Kernel;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInfo;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;

import static io.varve.driver.btrfs.TestStore.ONE;
import static io.varve.driver.btrfs.TestStore.SHOP;
import static io.varve.driver.btrfs.TestStore.TWO;
import static io.varve.driver.btrfs.TestStore.UNDO;
import static io.varve.driver.btrfs.TestStore.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

@RequiresBtrfs
class RollbackTest {
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
    void takeASnapshotAndGoOn(TestInfo test) throws IOException {
        store = new TestStore(filesystem
                .path()
                .resolve(test.getTestMethod().orElseThrow().getName()
                        + test.getDisplayName().hashCode()));
        store.volume("old").snapshot(ONE);
        store.write("new");
    }

    @Test
    void theHeadIsTheOldStateAndTheUndoPointTheNewOne() throws IOException {
        SnapshotOutcome outcome = store.revert(ONE);

        assertThat(outcome.warnings()).isEmpty();
        assertThat(store.content()).isEqualTo("old");
        assertThat(store.driver.snapshots(SHOP)).containsExactlyInAnyOrder(ONE, UNDO);
        assertThat(store.content(UNDO)).isEqualTo("new");
        assertThat(TestStore.isReadOnly(store.at(UNDO))).isTrue();
        assertThat(store.remains()).isEmpty();
        store.write("the head is writable");
    }

    @Test
    void whoStillHasAFileOfTheOldHeadOpenCannotChangeTheUndoPoint() throws IOException {
        try (FileChannel open = FileChannel.open(store.head().resolve("file"), StandardOpenOption.WRITE)) {
            store.revert(ONE);
            open.write(ByteBuffer.wrap("too late".getBytes(StandardCharsets.UTF_8)), 0);
            open.force(true);
        }
        assertThat(store.content(UNDO)).isEqualTo("new");
        assertThat(store.content()).isEqualTo("old");
    }

    @Test
    void theUndoPointLeadsBack() throws IOException {
        store.revert(ONE);
        store.driver.revert(SHOP, UNDO, TWO, Work.unwatched());

        assertThat(store.content()).isEqualTo("new");
        assertThat(store.content(TWO)).isEqualTo("old");
    }

    @Test
    void unknownTakenAndCancelledAreRefusedAndChangeNothing() throws IOException {
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> store.revert(TWO));
        store.snapshot(TWO);
        assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> store.driver.revert(SHOP, ONE, TWO, Work.unwatched()));
        assertRefused(ErrorCode.CANCELLED, () -> store.driver.revert(SHOP, ONE, UNDO, TestStore.CANCELLED));

        assertThat(store.content()).isEqualTo("new");
        assertThat(store.driver.snapshots(SHOP)).containsExactlyInAnyOrder(ONE, TWO);
        assertThat(store.remains()).isEmpty();
    }

    @Test
    void nestedSubvolumesGoAlongWithTheOldStateAndAreNamed() throws IOException {
        store.raw.create(store.head().resolve("machines"));
        Files.writeString(store.head().resolve("machines/data"), "precious");

        SnapshotOutcome outcome = store.revert(ONE);

        assertThat(outcome.warnings()).singleElement().asString().contains("machines");
        assertThat(store.at(UNDO).resolve("machines/data")).hasContent("precious");
        assertThat(store.content(UNDO)).isEqualTo("new");
        assertThat(TestStore.isReadOnly(store.at(UNDO))).isTrue();
        assertThat(store.remains()).isEmpty();
        assertThat(assertRefused(ErrorCode.BUSY, () -> store.driver.deleteSnapshot(SHOP, UNDO)))
                .hasMessageContaining("btrfs property set -t subvol " + store.at(UNDO) + " ro false");

        SnapshotOutcome back = store.driver.revert(SHOP, UNDO, TWO, Work.unwatched());
        assertThat(back.warnings()).singleElement().asString().contains("machines");
        assertThat(store.content()).isEqualTo("new");
        assertThat(store.at(UNDO).resolve("machines/data")).hasContent("precious");

        BtrfsFilesystem.btrfs("property", "set", "-t", "subvol", store.at(UNDO).toString(), "ro", "false");
        BtrfsFilesystem.btrfs(
                "subvolume", "delete", store.at(UNDO).resolve("machines").toString());
        store.driver.deleteSnapshot(SHOP, UNDO);
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void deathAtAnyStepLeavesTheOldOrTheNewHeadAndNothingHalfMade(boolean nested) throws IOException {
        int step = 1;
        while (diesAt(step, nested)) {
            step++;
            store.reopen();
            boolean switched = store.content().equals("old");
            assertThat(switched ? store.content(UNDO) : store.content()).isEqualTo("new");
            assertThat(store.driver.snapshots(SHOP)).hasSize(switched ? 2 : 1);
            assertThat(store.remains()).isEmpty();
        }
        assertThat(step).isGreaterThan(4);
        assertFinished();
    }

    private boolean diesAt(int step, boolean nested) throws IOException {
        store = new TestStore(store.layout.root().resolveSibling("step-" + step + nested));
        store.volume("old").snapshot(ONE);
        store.write("new");
        if (nested) {
            store.raw.create(store.head().resolve("machines"));
        }
        MortalProvider mortal = new MortalProvider();
        store.driver = (BtrfsDriver) mortal.open(store.layout, Map.of());
        mortal.dieAt(step, new AssertionError("dead"));
        try {
            store.revert(ONE);
            return false;
        } catch (AssertionError dead) {
            return true;
        }
    }

    @Test
    void diedBeforeTheTreeWasMade() throws IOException {
        Files.createDirectories(store.begun());

        assertUndone();
    }

    @Test
    void diedBeforeTheSwitch() throws IOException {
        makeTree();

        assertUndone();
    }

    @Test
    void diedRightAfterTheSwitch() throws IOException {
        makeTree();
        Kernel.exchange(tree(), store.head());

        assertFinished();
    }

    @Test
    void diedBeforeTheSpareTreeWasRemoved() throws IOException {
        makeTree();
        Kernel.exchange(tree(), store.head());
        store.raw.snapshot(tree(), store.at(UNDO), Subvolumes.Access.READ_ONLY);

        assertFinished();
    }

    @Test
    void diedAfterTheSpareTreeWasRemoved() throws IOException {
        makeTree();
        Kernel.exchange(tree(), store.head());
        store.raw.snapshot(tree(), store.at(UNDO), Subvolumes.Access.READ_ONLY);
        store.raw.delete(tree());

        assertFinished();
    }

    @Test
    void diedWithNestedSubvolumesBeforeTheUndoPointWasReadOnly() throws IOException {
        store.raw.create(store.head().resolve("machines"));
        makeTree();
        Kernel.exchange(tree(), store.head());
        Kernel.renameNew(tree(), store.at(UNDO));

        assertFinished();
        assertThat(Kernel.stat(store.at(UNDO).resolve("machines")).inode()).isEqualTo(BtrfsIoctls.TOP_INODE);
    }

    @Test
    void aHeadThatSomebodyRemovedMeanwhileCostsNothing() throws IOException {
        makeTree();
        Kernel.exchange(tree(), store.head());
        store.raw.delete(store.head());

        store.reopen();

        assertThat(store.content(UNDO)).isEqualTo("new");
        assertThat(TestStore.isReadOnly(store.at(UNDO))).isTrue();
    }

    @Test
    void aHeadThatAMountHidesIsSettledAfterTheMountIsGone() throws IOException {
        makeTree();
        BtrfsFilesystem.run("mount", "-t", "tmpfs", "none", store.head().toString());
        try {
            store.reopen();
            assertThat(store.driver.status().errors())
                    .singleElement()
                    .asString()
                    .contains(store.begun().toString());
        } finally {
            BtrfsFilesystem.run("umount", store.head().toString());
        }
        assertUndone();
    }

    @Test
    void anUndoPointWhosePlaceIsTakenIsKeptAndReported() throws IOException {
        makeTree();
        Kernel.exchange(tree(), store.head());
        store.raw.snapshot(store.at(ONE), store.at(UNDO), Subvolumes.Access.READ_ONLY);

        store.reopen();

        assertThat(store.driver.status().errors()).singleElement().asString().contains(tree().toString());
        assertThat(tree().resolve("file")).hasContent("new");

        store.driver.deleteSnapshot(SHOP, UNDO);
        assertFinished();
        assertThat(store.driver.status().errors()).isEmpty();
    }

    @Test
    void whereTheOldStateCannotBeKeptTheHeadIsSwitchedBack() throws IOException {
        store.driver = new BtrfsDriver(store.layout, new FailingSubvolumes(new IOException("broken disk")), true);

        StorageException failure = assertRefused(ErrorCode.IO_FAILED, () -> store.revert(ONE));

        assertThat(failure).hasMessageContaining("broken disk");
        assertUndone();
    }

    @Test
    void whereTheDiskIsTooFullForASnapshotTheOldHeadItselfIsKept() throws IOException {
        store.driver = new BtrfsDriver(store.layout, FailingSubvolumes.noSpace(), true);

        assertThat(store.revert(ONE).warnings()).isEmpty();

        assertFinished();
    }

    private Path tree() {
        return store.begun().resolve("tree");
    }

    private void makeTree() throws IOException {
        Files.createDirectories(store.begun());
        store.raw.snapshot(store.at(ONE), tree(), Subvolumes.Access.WRITABLE);
    }

    private void assertUndone() throws IOException {
        store.reopen();
        assertThat(store.content()).isEqualTo("new");
        assertThat(store.driver.snapshots(SHOP)).containsExactly(ONE);
        assertThat(store.remains()).isEmpty();
    }

    private void assertFinished() throws IOException {
        store.reopen();
        assertThat(store.content()).isEqualTo("old");
        assertThat(store.driver.snapshots(SHOP)).containsExactlyInAnyOrder(ONE, UNDO);
        assertThat(store.content(UNDO)).isEqualTo("new");
        assertThatThrownBy(() -> Files.createFile(store.at(UNDO).resolve("more")))
                .hasMessageContaining("Read-only");
        assertThat(store.remains()).isEmpty();
    }
}
