package io.varve.conformance;

import io.varve.catalog.SnapshotKind;
import io.varve.linux.Kernel;
import io.varve.linux.Trees;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.RollbackResult;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Optional;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Rolling back: the chosen state is live again, and the state before it is kept. */
abstract class RollbackPromises extends PromiseGroup {
    /** A volume with snapshot {@code one} of text one, snapshot {@code two} of text two, and text three. */
    private static Volume history(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "one");
        rig.write(volume, "only in one", "1");
        rig.snapshot(volume, "one", "tag");
        rig.write(volume, "file", "two");
        rig.write(volume, "directory/only from two on", "2");
        rig.snapshot(volume, "two");
        rig.write(volume, "file", "three");
        return volume;
    }

    private static Contents contents(Volume volume, SnapshotLabel label) {
        return Contents.of(volume.path(label));
    }

    @Test
    void theVolumeIsAsItWasThen(Rig rig) throws IOException {
        Volume volume = history(rig);
        Files.delete(volume.path().resolve("only in one"));
        Contents then = contents(volume, Rig.label("one"));

        RollbackResult result = rig.rollback(volume, "one");

        assertThat(result.snapshot()).isEqualTo(volume.snapshot(Rig.label("one")));
        assertThat(Contents.of(volume.path())).isEqualTo(then);
        rig.reopen();
        assertThat(Contents.of(rig.find("app").path())).isEqualTo(then);
    }

    @Test
    void rollingForwardAgainWorks(Rig rig) {
        Volume volume = history(rig);
        Contents two = contents(volume, Rig.label("two"));

        rig.rollback(volume, "one");
        rig.rollback(volume, "two");

        assertThat(Contents.of(volume.path())).isEqualTo(two);
    }

    @Test
    void everySnapshotIsStillThereAndUnchanged(Rig rig) {
        Volume volume = history(rig);
        Contents one = contents(volume, Rig.label("one"));
        Contents two = contents(volume, Rig.label("two"));

        rig.rollback(volume, "one");
        rig.write(volume, "file", "four");
        rig.rollback(volume, "two");
        rig.rollback(volume, "one");

        assertThat(Rig.validLabels(volume)).startsWith("one", "two").hasSize(5);
        assertThat(contents(volume, Rig.label("one"))).isEqualTo(one);
        assertThat(contents(volume, Rig.label("two"))).isEqualTo(two);
    }

    @Test
    void theUndoPointIsExactlyTheStateBefore(Rig rig) {
        Volume volume = history(rig);
        rig.mine(OddTree.TOP);
        OddTree.make(volume.path());
        Contents before = Contents.of(volume.path());

        Snapshot undo = rig.rollback(volume, "one").undo();

        assertThat(contents(volume, undo.label())).isEqualTo(before);
        assertThat(undo).isEqualTo(volume.snapshot(undo.label()));
        assertThat(undo.valid()).isTrue();
        assertThat(undo.label().value()).matches("undo-[0-9]{8}_[0-9]{6}\\.[0-9]{3}");
        assertThat(undo.record().kind()).isEqualTo(SnapshotKind.UNDO);
        assertThat(undo.record().parent()).contains(Rig.label("one"));
        assertThat(undo.record().expires()).contains(rig.clock().instant().plus(Duration.ofHours(24)));
    }

    @Test
    void theUndoPointIsKeptForAsLongAsAsked(Rig rig) {
        Volume volume = history(rig);

        RollbackResult result = Rig.rollback(volume, "one", false, Optional.of(Duration.ofMinutes(5)));

        assertThat(result.undo().record().expires())
                .contains(rig.clock().instant().plus(Duration.ofMinutes(5)));
    }

    @Test
    void anUndoIsARollbackAndHasAnUndoPointToo(Rig rig) {
        Volume volume = history(rig);
        Contents before = Contents.of(volume.path());

        Snapshot undo = rig.rollback(volume, "one").undo();
        Contents after = Contents.of(volume.path());
        Snapshot undoOfUndo = rig.rollback(volume, undo.label().value()).undo();

        assertThat(Contents.of(volume.path())).isEqualTo(before);
        assertThat(contents(volume, undoOfUndo.label())).isEqualTo(after);
        assertThat(undoOfUndo.label()).isNotEqualTo(undo.label());
    }

    @Test
    void undoPointsOfOneInstantDiffer(Rig rig) {
        Volume volume = history(rig);

        for (int i = 0; i < 3; i++) {
            Rig.rollback(volume, "one", false, Optional.empty());
        }

        assertThat(Rig.validLabels(volume)).hasSize(5).doesNotHaveDuplicates();
    }

    @Test
    void aFileOfEqualSizeAndTimeButOtherContentIsRestored(Rig rig) throws IOException {
        Volume volume = rig.volume("app");
        FileTime time = FileTime.fromMillis(1_000_000_000_000L);
        rig.write(volume, "file", "AAAA");
        Files.setLastModifiedTime(volume.path().resolve("file"), time);
        rig.snapshot(volume, "one");
        rig.write(volume, "file", "BBBB");
        Files.setLastModifiedTime(volume.path().resolve("file"), time);

        Snapshot undo = rig.rollback(volume, "one").undo();

        assertThat(rig.read(volume, "file")).isEqualTo("AAAA");
        assertThat(rig.read(volume, undo.label().value(), "file")).isEqualTo("BBBB");
    }

    @Test
    void everyDetailComesBack(Rig rig) throws IOException {
        Volume volume = rig.volume("app");
        rig.mine(OddTree.TOP);
        OddTree.make(volume.path());
        Kernel.setPermissions(volume.path(), 0750);
        Contents then = Contents.of(volume.path());
        rig.snapshot(volume, "one");
        Kernel.setPermissions(volume.path(), 0700);
        Trees.remove(volume.path().resolve(OddTree.TOP));
        rig.write(volume, OddTree.TOP, "now a file");

        rig.rollback(volume, "one");

        assertThat(Contents.of(volume.path())).isEqualTo(then);
        long allocated = Kernel.stat(volume.path().resolve(OddTree.TOP).resolve("sparse"))
                        .blocks()
                * 512;
        assertThat(allocated).as("bytes of the sparse file").isLessThan(OddTree.SPARSE_SIZE / 8);
    }

    @Test
    void whatIsWrittenAfterwardsChangesNeitherTheSnapshotNorTheUndoPoint(Rig rig) {
        Volume volume = history(rig);
        Contents one = contents(volume, Rig.label("one"));
        Contents before = Contents.of(volume.path());

        Snapshot undo = rig.rollback(volume, "one").undo();
        rig.write(volume, "file", "four");
        rig.write(volume, "new", "five");

        assertThat(contents(volume, Rig.label("one"))).isEqualTo(one);
        assertThat(contents(volume, undo.label())).isEqualTo(before);
        assertThat(rig.read(volume, "file")).isEqualTo("four");
    }

    @Test
    void anEmptyStateComesBackToo(Rig rig) {
        Volume volume = rig.volume("app");
        rig.snapshot(volume, "empty");
        rig.write(volume, "file", "x");

        rig.rollback(volume, "empty");

        assertThat(Invariants.list(volume.path())).isSubsetOf("lost+found");
    }

    @Test
    void thePathStaysTheSame(Rig rig) {
        Volume volume = history(rig);
        Path before = volume.path();

        rig.rollback(volume, "one");

        assertThat(volume.path()).isEqualTo(before);
        assertThat(volume.users()).isEmpty();
    }

    @Test
    void anUnknownSnapshotChangesNothing(Rig rig) {
        Volume volume = history(rig);

        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> rig.rollback(volume, "no"), "no", "app");

        assertThat(rig.read(volume, "file")).isEqualTo("three");
        assertThat(Rig.labels(volume)).containsExactly("one", "two");
    }

    @Test
    void aVolumeInUseIsRefusedWithTheUserNamed(Rig rig) {
        Volume volume = history(rig);
        try (Idler idler = Idler.in(volume.path())) {
            String pid = Long.toString(idler.pid());

            assertRefused(ErrorCode.BUSY, () -> rig.rollback(volume, "one"), "app", pid, "sleep");

            assertThat(volume.users()).singleElement().asString().contains(pid);
        }
        assertThat(rig.read(volume, "file")).isEqualTo("three");
        assertThat(Rig.labels(volume)).containsExactly("one", "two");
        rig.rollback(volume, "one");
    }

    @Test
    void aVolumeInUseIsRolledBackWhereThatIsForced(Rig rig) {
        Volume volume = history(rig);
        Contents before = Contents.of(volume.path());
        Contents one = contents(volume, Rig.label("one"));
        try (Idler idler = Idler.in(volume.path())) {
            assertThat(idler.pid()).isPositive();

            Snapshot undo = Rig.rollback(volume, "one", true, Optional.empty()).undo();

            assertThat(Contents.of(volume.path())).isEqualTo(one);
            assertThat(contents(volume, undo.label())).isEqualTo(before);
        }
    }
}
