package io.varve.conformance;

import io.varve.spi.Driver;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** The driver by itself: what it must refuse, repeat and survive whoever calls it. */
abstract class DriverPromises extends PromiseGroup {
    private static final VolumeName ABSENT = VolumeName.of("absent");
    private static final SnapshotLabel ONE = SnapshotLabel.of("one");
    private static final SnapshotLabel TWO = SnapshotLabel.of("two");

    /** A volume {@code app} with a file and a snapshot {@code one} of it. */
    private static VolumeName volume(DriverRig rig) {
        VolumeName volume = rig.volume("app");
        Rig.write(rig.head(volume).resolve("file"), "one");
        rig.snapshot(volume, "one");
        return volume;
    }

    @Test
    void aStoreBeginsEmpty(DriverRig rig) {
        assertThat(rig.driver().volumes()).isEmpty();
        assertThat(rig.driver().snapshots(ABSENT)).isEmpty();
    }

    @Test
    void whatIsThereIsNeverMadeAgain(DriverRig rig) {
        VolumeName volume = volume(rig);
        Contents head = Contents.of(rig.head(volume));
        Contents one = Contents.of(rig.tree(volume, "one"));
        Rig.write(rig.head(volume).resolve("later"), "x");

        assertRefused(ErrorCode.VOLUME_EXISTS, () -> rig.volume("app"), "app");
        assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> rig.snapshot(volume, "one"), "one");

        assertThat(Contents.of(rig.tree(volume, "one"))).isEqualTo(one).isEqualTo(head);
        assertThat(rig.snapshots(volume)).containsExactly(ONE);
    }

    @Test
    void whatIsNotThereIsNotFound(DriverRig rig) {
        VolumeName volume = volume(rig);
        Driver driver = rig.driver();

        assertRefused(ErrorCode.VOLUME_NOT_FOUND, () -> rig.snapshot(ABSENT, "one"), "absent");
        assertRefused(ErrorCode.VOLUME_NOT_FOUND, () -> rig.head(ABSENT), "absent");
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> rig.tree(volume, "two"), "two");
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> driver.revert(volume, TWO, ONE, Work.unwatched()), "two");

        assertThat(driver.volumes()).containsExactly(volume);
        assertThat(rig.snapshots(volume)).containsExactly(ONE);
    }

    @Test
    void removingWhatIsGoneIsASuccess(DriverRig rig) {
        VolumeName volume = volume(rig);

        rig.driver().deleteSnapshot(volume, ONE);
        rig.driver().deleteSnapshot(volume, ONE);
        rig.driver().deleteVolume(volume);
        rig.driver().deleteVolume(volume);
        rig.driver().deleteSnapshot(volume, TWO);
        rig.driver().deleteVolume(ABSENT);

        assertThat(rig.driver().volumes()).isEmpty();
        assertThat(rig.snapshots(volume)).isEmpty();
    }

    @Test
    void snapshotsOutliveTheirHead(DriverRig rig) {
        VolumeName volume = volume(rig);
        rig.snapshot(volume, "two");

        rig.driver().deleteVolume(volume);

        assertThat(rig.driver().volumes()).isEmpty();
        assertThat(rig.snapshots(volume)).containsExactlyInAnyOrder(ONE, TWO);
        rig.reopen();
        rig.driver().deleteSnapshot(volume, ONE);
        assertThat(rig.snapshots(volume)).containsExactly(TWO);
        rig.driver().deleteSnapshot(volume, TWO);
        assertThat(rig.snapshots(volume)).isEmpty();
        rig.volume("app");
        assertThat(rig.snapshots(volume)).isEmpty();
    }

    @Test
    void aRevertSwitchesHeadAndUndo(DriverRig rig) {
        VolumeName volume = volume(rig);
        Rig.write(rig.head(volume).resolve("file"), "now");
        Contents before = Contents.of(rig.head(volume));
        Contents one = Contents.of(rig.tree(volume, "one"));

        rig.driver().revert(volume, ONE, TWO, Work.unwatched());

        assertThat(Contents.of(rig.head(volume))).isEqualTo(one);
        assertThat(Contents.of(rig.tree(volume, "one"))).isEqualTo(one);
        assertThat(Contents.of(rig.tree(volume, "two"))).isEqualTo(before);
        assertThat(rig.snapshots(volume)).containsExactlyInAnyOrder(ONE, TWO);
    }

    @Test
    void aRevertNeverReplacesASnapshotByItsUndo(DriverRig rig) {
        VolumeName volume = volume(rig);
        Rig.write(rig.head(volume).resolve("file"), "two");
        rig.snapshot(volume, "two");
        Contents before = Contents.of(rig.head(volume));

        assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> rig.driver().revert(volume, ONE, TWO, Work.unwatched()), "two");

        assertThat(Contents.of(rig.head(volume))).isEqualTo(before);
        assertThat(Contents.of(rig.tree(volume, "two"))).isEqualTo(before);
    }

    @Test
    void cancelledWorkIsDoneWholeOrNotAtAll(DriverRig rig) {
        VolumeName volume = volume(rig);
        Rig.write(rig.head(volume).resolve("file"), "now");
        Cancelled work = new Cancelled();

        boolean taken = happens(() -> rig.driver().createSnapshot(volume, TWO, work));
        assertThat(rig.snapshots(volume)).hasSize(taken ? 2 : 1);
        SnapshotLabel undo = SnapshotLabel.of("undo");
        boolean reverted = happens(() -> rig.driver().revert(volume, ONE, undo, work));

        assertThat(rig.snapshots(volume).contains(undo)).isEqualTo(reverted);
        assertThat(rig.head(volume).resolve("file")).hasContent(reverted ? "one" : "now");
        Set<SnapshotLabel> listed = rig.snapshots(volume);
        rig.reopen();
        assertThat(rig.snapshots(volume)).isEqualTo(listed);
    }

    private static boolean happens(Runnable action) {
        try {
            action.run();
            return true;
        } catch (StorageException refusal) {
            assertThat(refusal.code()).as("%s", refusal).isEqualTo(ErrorCode.CANCELLED);
            return false;
        }
    }

    /** Work whose caller has lost patience before it began. */
    private static final class Cancelled implements Work {
        @Override
        public void progress(long done, long total, String unit) {
            assertThat(done).isNotNegative();
            assertThat(unit).isNotBlank();
        }

        @Override
        public boolean cancelled() {
            return true;
        }
    }

    @Test
    void volumesAreWorkedOnInParallel(DriverRig rig) {
        List<VolumeName> volumes =
                IntStream.range(0, 6).mapToObj(i -> VolumeName.of("v" + i)).toList();

        Together.run(volumes.size(), i -> {
            VolumeName volume = volumes.get(i);
            rig.driver().createVolume(volume, VolumeSpec.unlimited());
            Rig.write(rig.head(volume).resolve("file"), "of " + i);
            rig.snapshot(volume, "one");
            Rig.write(rig.head(volume).resolve("file"), "later");
            rig.driver().revert(volume, ONE, TWO, Work.unwatched());
            rig.driver().deleteSnapshot(volume, TWO);
        });

        assertThat(rig.driver().volumes()).containsExactlyInAnyOrderElementsOf(volumes);
        for (int i = 0; i < volumes.size(); i++) {
            assertThat(rig.head(volumes.get(i)).resolve("file")).hasContent("of " + i);
            assertThat(rig.snapshots(volumes.get(i))).containsExactly(ONE);
        }
    }

    @Test
    void aListingMayComeAtAnyTime(DriverRig rig) throws InterruptedException {
        VolumeName volume = volume(rig);
        Set<SnapshotLabel> known =
                IntStream.range(0, 8).mapToObj(i -> SnapshotLabel.of("s" + i)).collect(Collectors.toSet());
        known.add(ONE);
        Repeated listing = Repeated.start(() -> {
            assertThat(known).containsAll(rig.snapshots(volume));
            assertThat(rig.driver().volumes()).containsExactly(volume);
            assertThat(rig.driver().status().space().total()).isPositive();
        });
        for (int i = 0; i < 8; i++) {
            rig.snapshot(volume, "s" + i);
            rig.driver().deleteSnapshot(volume, SnapshotLabel.of("s" + i));
        }
        listing.end();
    }

    @Test
    void exposingIsRepeatable(DriverRig rig) {
        VolumeName volume = volume(rig);
        Path head = rig.head(volume);
        Path tree = rig.tree(volume, "one");

        assertThat(rig.driver().expose(volume, Optional.empty())).isEqualTo(head);
        assertThat(rig.driver().expose(volume, Optional.of(ONE))).isEqualTo(tree);
        assertThat(Contents.of(tree)).isEqualTo(Contents.of(head));
    }
}
