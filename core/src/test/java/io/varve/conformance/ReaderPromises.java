package io.varve.conformance;

import io.varve.browse.Accuracy;
import io.varve.browse.TreePath;
import io.varve.conformance.Faults.Call;
import io.varve.conformance.Faults.Moment;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** What somebody reads is not removed under the reader's hands, whichever way it is asked for. */
abstract class ReaderPromises extends PromiseGroup {
    private static Volume volume(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.snapshot(volume, "one");
        rig.snapshot(volume, "two");
        return volume;
    }

    /** Tries everything that would take snapshot {@code one} away. */
    private static boolean everyRemovalIsRefused(Rig rig, Volume volume) {
        assertThat(volume.planRemoval(Rig.label("one")).obstacles())
                .singleElement()
                .asString()
                .contains("'one'", "read");
        assertThat(rig.store().planRemoval(volume.name()).obstacles())
                .singleElement()
                .asString()
                .contains("'one'", "read");
        assertRefused(ErrorCode.BUSY, () -> volume.removeSnapshot(Rig.label("one")), "one", "read");
        assertRefused(ErrorCode.BUSY, () -> volume.pruneSnapshot(Rig.label("one"), all -> List.of()), "one");
        assertRefused(ErrorCode.BUSY, () -> rig.store().removeVolume(volume.name()), "one", "read");
        assertThat(Rig.validLabels(volume)).containsExactly("one", "two");
        assertThat(rig.read(volume, "one", "file")).isEqualTo("kept");
        assertThat(rig.read(volume, "file")).isEqualTo("kept");
        return true;
    }

    @Test
    void aSnapshotThatIsReadStaysAndSoDoesItsVolume(Rig rig) {
        Volume volume = volume(rig);

        volume.reading(Rig.label("one"), path -> everyRemovalIsRefused(rig, volume));

        volume.removeSnapshot(Rig.label("one"));
        rig.store().removeVolume(volume.name());
    }

    @Test
    void aSnapshotThatIsLookedIntoStays(Rig rig) {
        Volume volume = volume(rig);

        volume.browsing().tree(Rig.label("one"), tree -> {
            everyRemovalIsRefused(rig, volume);
            return tree.stat(TreePath.of("file"));
        });

        volume.removeSnapshot(Rig.label("one"));
    }

    @Test
    void aSnapshotThatIsComparedStaysOnEitherSide(Rig rig) {
        Volume volume = volume(rig);

        volume.browsing()
                .diff(Rig.label("one"), Optional.empty(), Accuracy.EXACT, diff -> everyRemovalIsRefused(rig, volume));
        volume.browsing().diff(Rig.label("two"), Optional.of(Rig.label("one")), Accuracy.EXACT, diff -> {
            assertRefused(ErrorCode.BUSY, () -> volume.removeSnapshot(Rig.label("one")), "one");
            assertRefused(ErrorCode.BUSY, () -> volume.removeSnapshot(Rig.label("two")), "two");
            return diff.next();
        });

        rig.store().removeVolume(volume.name());
    }

    @Test
    void twoReadersAreTwo(Rig rig) {
        Volume volume = volume(rig);

        volume.reading(Rig.label("one"), path -> {
            volume.reading(Rig.label("one"), Path::getFileName);
            return everyRemovalIsRefused(rig, volume);
        });

        volume.removeSnapshot(Rig.label("one"));
    }

    @Test
    void whoeverBeginsToReadWhatIsBeingRemovedFindsNothing(Rig rig) {
        Volume volume = volume(rig);
        rig.faults().at(Moment.BEFORE, Call.DELETE_SNAPSHOT, () -> {
            assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.reading(Rig.label("one"), Path::getFileName));
        });

        volume.removeSnapshot(Rig.label("one"));

        rig.faults().at(Moment.BEFORE, Call.DELETE_VOLUME, () -> {
            assertRefused(ErrorCode.VOLUME_NOT_FOUND, () -> volume.reading(Rig.label("two"), Path::getFileName));
        });
        rig.store().removeVolume(volume.name());
    }

    @Test
    void aReaderAndARemovalThatMeetHaveOneWinner(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        for (int round = 0; round < 20; round++) {
            String label = "s" + round;
            rig.snapshot(volume, label);
            AtomicReference<String> read = new AtomicReference<>("");
            Together.run(2, i -> {
                if (i == 0) {
                    allowing(ErrorCode.BUSY, () -> volume.removeSnapshot(Rig.label(label)));
                } else {
                    allowing(
                            ErrorCode.SNAPSHOT_NOT_FOUND,
                            () -> volume.reading(Rig.label(label), path -> {
                                Pause.briefly();
                                read.set(Rig.read(path.resolve("file")));
                                return path;
                            }));
                }
            });
            assertThat(read.get()).isEqualTo(Rig.validLabels(volume).contains(label) ? "kept" : read.get());
            assertThat(read.get()).isIn("kept", "");
        }
    }

    private static void allowing(ErrorCode code, Runnable action) {
        try {
            action.run();
        } catch (StorageException refusal) {
            assertThat(refusal.code()).as("%s", refusal).isEqualTo(code);
        }
    }
}
