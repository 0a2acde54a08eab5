package io.varve.conformance;

import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.util.List;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Removing: what was asked is gone, nothing else is, and what cannot be removed is whole. */
abstract class RemovalPromises extends PromiseGroup {
    @Test
    void aRemovedSnapshotIsGoneAndTheOthersAreWhole(Rig rig) {
        Volume volume = rig.volume("app");
        for (String label : List.of("one", "two", "three")) {
            rig.write(volume, "file", label);
            rig.snapshot(volume, label);
        }

        volume.removeSnapshot(volume.label("app_two"));

        assertThat(Rig.validLabels(volume)).containsExactly("one", "three");
        assertThat(rig.read(volume, "one", "file")).isEqualTo("one");
        assertThat(rig.read(volume, "three", "file")).isEqualTo("three");
        assertThat(rig.read(volume, "file")).isEqualTo("three");
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.removeSnapshot(Rig.label("two")), "two");
    }

    @Test
    void theLabelIsFreeAgain(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "first");
        rig.snapshot(volume, "one");
        volume.removeSnapshot(Rig.label("one"));
        rig.write(volume, "file", "second");

        rig.snapshot(volume, "one");

        assertThat(rig.read(volume, "one", "file")).isEqualTo("second");
    }

    @Test
    void theSnapshotThatIsLiveAndTheUndoPointCanBeRemovedToo(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.snapshot(volume, "one");
        SnapshotLabel undo = rig.rollback(volume, "one").undo().label();

        volume.removeSnapshot(Rig.label("one"));
        volume.removeSnapshot(undo);

        assertThat(volume.snapshots()).isEmpty();
        assertThat(rig.read(volume, "file")).isEqualTo("kept");
    }

    @Test
    void aVolumeGoesWithAllItsSnapshots(Rig rig) {
        Volume volume = rig.volume("app");
        Volume other = rig.volume("app_db");
        rig.write(volume, "file", "x");
        rig.mine(OddTree.TOP);
        OddTree.make(volume.path());
        rig.snapshot(volume, "one");
        rig.snapshot(volume, "two");
        rig.rollback(volume, "one");
        rig.snapshot(other, "one");

        rig.store().removeVolume(volume.name());

        assertThat(rig.store().volumes()).containsExactly(other);
        assertThat(Rig.validLabels(other)).containsExactly("one");
        assertThat(rig.driver().snapshots(volume.name())).isEmpty();
        assertThat(rig.layout().volume(volume.name())).doesNotExist();
    }

    @Test
    void aReleasedVolumeCanBeRemoved(Rig rig) {
        Volume volume = rig.volume("app");
        rig.snapshot(volume, "one");
        volume.release();

        rig.store().removeVolume(volume.name());

        assertThat(rig.store().volumes()).isEmpty();
    }

    @Test
    void aVolumeOfTheSameNameStartsEmpty(Rig rig) {
        Volume first = rig.volume("app");
        rig.write(first, "file", "x");
        rig.snapshot(first, "one", "tag");
        rig.store().removeVolume(first.name());

        Volume second = rig.volume("app");

        assertThat(second.snapshots()).isEmpty();
        assertThat(Invariants.list(second.path())).isSubsetOf("lost+found");
        rig.snapshot(second, "one", "tag");
        assertRefused(ErrorCode.VOLUME_NOT_FOUND, () -> rig.snapshot(first, "two"), "app");
    }

    @Test
    void removingAnAbsentVolumeIsASuccess(Rig rig) {
        Volume volume = rig.volume("app");

        rig.store().removeVolume(VolumeName.of("absent"));
        rig.store().removeVolume(volume.name());
        rig.store().removeVolume(volume.name());

        assertThat(rig.store().volumes()).isEmpty();
    }

    @Test
    void nothingBeyondAMountIsEverRemoved(Rig rig) {
        Volume volume = rig.volume("app");
        for (String file : List.of("a/1", "m/deep/beside", "z/1", "last")) {
            rig.write(volume, file, "kept");
        }
        rig.snapshot(volume, "one");
        try (MountedInside mount = MountedInside.at(volume.path().resolve("m/deep/mount"))) {
            Contents before = Contents.of(volume.path());

            assertRefused(
                    ErrorCode.BUSY,
                    () -> rig.store().removeVolume(volume.name()),
                    mount.point().toString());

            assertThat(mount.precious()).isEqualTo("on the other filesystem");
            assertThat(Contents.of(volume.path())).isEqualTo(before);
            assertThat(Rig.validLabels(volume)).containsExactly("one");
            rig.reopen();
            assertThat(Contents.of(rig.find("app").path())).isEqualTo(before);
        }
        rig.store().removeVolume(volume.name());
        assertThat(rig.store().volumes()).isEmpty();
    }

    @Test
    void whatStandsInTheWayOfASnapshotIsSaidBeforeTheHeadGoes(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.write(volume, "directory/file", "kept");
        rig.snapshot(volume, "one");
        rig.snapshot(volume, "two");
        try (MountedInside mount =
                MountedInside.over(volume.path(Rig.label("two")).resolve("directory"))) {
            assertThat(rig.store().planRemoval(volume.name()).obstacles())
                    .singleElement()
                    .asString()
                    .contains(mount.point().toString());
            assertThat(volume.planRemoval(Rig.label("two")).obstacles()).hasSize(1);

            assertRefused(
                    ErrorCode.BUSY,
                    () -> rig.store().removeVolume(volume.name()),
                    mount.point().toString());
            assertRefused(
                    ErrorCode.BUSY,
                    () -> volume.removeSnapshot(Rig.label("two")),
                    mount.point().toString());

            assertThat(rig.read(volume, "file")).isEqualTo("kept");
            assertThat(Rig.validLabels(volume)).containsExactly("one", "two");
        }
        rig.store().removeVolume(volume.name());
        assertThat(rig.store().volumes()).isEmpty();
    }

    @Test
    void oneSnapshotThatCannotBeRemovedKeepsNoOtherAndIsRemovedByTheNextCall(Rig rig) {
        Volume volume = rig.volume("app");
        for (String label : List.of("one", "two", "three")) {
            rig.snapshot(volume, label);
        }
        rig.faults().failAt(Faults.Moment.BEFORE, Faults.Call.DELETE_SNAPSHOT);

        assertRefused(
                ErrorCode.VOLUME_REMOVAL_FAILED,
                () -> rig.store().removeVolume(volume.name()),
                "app",
                "2 of its 3",
                "injected failure",
                "again");

        assertThat(Rig.labels(volume)).containsExactly("one");
        assertRefused(ErrorCode.VOLUME_EXISTS, () -> rig.volume("app"));
        rig.store().removeVolume(volume.name());
        assertThat(rig.store().volumes()).isEmpty();
        assertThat(rig.driver().snapshots(volume.name())).isEmpty();
    }

    @Test
    void whatIsMountedInsideIsNoPartOfASnapshotAndStandsInTheWayOfARollback(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.snapshot(volume, "one");
        try (MountedInside mount = MountedInside.at(volume.path().resolve("mount"))) {
            rig.mine("mount");
            rig.snapshot(volume, "two");

            assertRefused(
                    ErrorCode.BUSY,
                    () -> rig.rollback(volume, "one"),
                    mount.point().toString());

            assertThat(Invariants.list(volume.path(Rig.label("two")).resolve("mount")))
                    .isEmpty();
            assertThat(mount.precious()).isEqualTo("on the other filesystem");
        }
        rig.rollback(volume, "one");
        assertThat(rig.read(volume, "file")).isEqualTo("kept");
    }
}
