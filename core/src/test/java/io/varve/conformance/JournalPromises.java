package io.varve.conformance;

import io.varve.catalog.MetadataName;
import io.varve.catalog.RecordFormat;
import io.varve.catalog.SnapshotKind;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.catalog.VolumeRecord;
import io.varve.conformance.Faults.Call;
import io.varve.conformance.Faults.Moment;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Every state in which a power cut can leave journal, catalog and disk, made by hand, and what opening makes of it. */
abstract class JournalPromises extends PromiseGroup {
    private static final VolumeName APP = VolumeName.of("app");
    private static final SnapshotLabel ONE = SnapshotLabel.of("one");
    private static final SnapshotLabel TWO = SnapshotLabel.of("two");

    private static VolumeRecord app() {
        return new VolumeRecord(APP, Rig.START, OptionalLong.empty());
    }

    private static SnapshotRecord record(SnapshotLabel label, SnapshotKind kind, String... tags) {
        return new SnapshotRecord(
                APP,
                label,
                kind,
                Rig.START,
                "from the journal",
                Arrays.stream(tags).map(Tag::of).toList(),
                List.of(),
                Optional.empty(),
                kind == SnapshotKind.UNDO ? Optional.of(ONE) : Optional.empty(),
                Optional.empty(),
                List.of());
    }

    private static void enter(Rig rig, Step step, byte[] record) throws Exception {
        new Journal(rig.layout().journal()).begin(step, record, true);
    }

    /** A volume {@code app} with a file and a snapshot {@code one}. */
    private static Volume volume(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.snapshot(volume, "one", "tag");
        return volume;
    }

    /** Leaves an entry in the journal and opens the store; twice, because the first opening may be cut short too. */
    private static void openWith(Rig rig, Step step, byte[] record) {
        rig.reopen(() -> enter(rig, step, record));
        rig.reopen(() -> assertThat(Invariants.list(rig.layout().journal())).isEmpty());
    }

    @Test
    void aVolumeThatWasNotMadeIsForgotten(Rig rig) {
        openWith(rig, Step.CREATE_VOLUME, RecordFormat.write(app()));

        assertThat(rig.store().volumes()).isEmpty();
        rig.volume("app");
    }

    @Test
    void aVolumeThatWasMadeIsThere(Rig rig) {
        rig.driver().createVolume(APP, VolumeSpec.unlimited());

        openWith(rig, Step.CREATE_VOLUME, RecordFormat.write(app()));

        assertThat(rig.find("app").record()).isEqualTo(app());
        rig.snapshot(rig.find("app"), "one");
    }

    @Test
    void whatSomebodyElsePutThereIsNeverTakenForAVolume(Rig rig) {
        rig.driver().createVolume(APP, VolumeSpec.unlimited());
        rig.foreign("app");
        rig.faults().dieAt(Moment.BEFORE, Call.CREATE_VOLUME);

        assertRefused(
                ErrorCode.VOLUME_EXISTS,
                () -> rig.volume("app"),
                rig.layout().volume(APP).toString());

        rig.reopen();
        assertThat(rig.store().volumes()).isEmpty();
    }

    /** Root may read any directory, and then the tag is simply given; the kit runs as another user too. */
    @Test
    void aTagWhoseRecordCouldNotBeSyncedIsNotGivenToAnother(Rig rig) throws Exception {
        Volume volume = volume(rig);
        rig.snapshot(volume, "two");
        Path records = rig.layout().catalog().resolve("app/snapshots");

        Files.setPosixFilePermissions(records, PosixFilePermissions.fromString("-wx------"));
        try {
            volume.tag(ONE, Tag.of("latest"));
        } catch (StorageException unsynced) {
            assertThat(unsynced.code()).isEqualTo(ErrorCode.PERMISSION_DENIED);
        } finally {
            Files.setPosixFilePermissions(records, PosixFilePermissions.fromString("rwx------"));
        }

        assertRefused(ErrorCode.TAG_EXISTS, () -> volume.tag(TWO, Tag.of("latest")));
        rig.reopen();
        assertThat(rig.find("app").snapshotWith(Tag.of("latest")).record().label())
                .isEqualTo(ONE);
    }

    @Test
    void anEntryThatCameBackDoesNotUndoWhatWasDoneToTheVolumeSince(Rig rig) {
        volume(rig);
        VolumeRecord stale = new VolumeRecord(APP, Rig.START, OptionalLong.of(1));

        openWith(rig, Step.CREATE_VOLUME, RecordFormat.write(stale));

        assertThat(rig.find("app").record()).isEqualTo(app());
        assertThat(Rig.validLabels(rig.find("app"))).containsExactly("one");
    }

    @Test
    void aSnapshotThatWasNotTakenIsForgotten(Rig rig) {
        volume(rig);

        openWith(rig, Step.CREATE_SNAPSHOT, RecordFormat.write(record(TWO, SnapshotKind.MANUAL, "free")));

        assertThat(Rig.labels(rig.find("app"))).containsExactly("one");
        rig.snapshot(rig.find("app"), "two", "free");
    }

    @Test
    void aSnapshotThatWasTakenHasItsRecord(Rig rig) {
        volume(rig);
        rig.driver().createSnapshot(APP, TWO, Work.unwatched());
        SnapshotRecord record = record(TWO, SnapshotKind.MANUAL, "a", "b");

        openWith(rig, Step.CREATE_SNAPSHOT, RecordFormat.write(record));

        assertThat(rig.find("app").snapshot(TWO)).isEqualTo(new Snapshot(record, true));
        assertThat(rig.read(rig.find("app"), "two", "file")).isEqualTo("kept");
    }

    @Test
    void aSnapshotWhoseTagWasGivenToAnotherMeanwhileComesWithoutIt(Rig rig) {
        volume(rig);
        rig.driver().createSnapshot(APP, TWO, Work.unwatched());

        openWith(rig, Step.CREATE_SNAPSHOT, RecordFormat.write(record(TWO, SnapshotKind.MANUAL, "tag", "own")));

        assertThat(rig.find("app").snapshotWith(Tag.of("tag")).record().label()).isEqualTo(ONE);
        assertThat(rig.find("app").snapshot(ONE).record().tags()).containsExactly(Tag.of("tag"));
        assertThat(rig.find("app").snapshot(TWO).record().tags()).containsExactly(Tag.of("own"));
    }

    @Test
    void anEntryThatCameBackDoesNotUndoWhatWasDoneToTheSnapshotSince(Rig rig) {
        Volume volume = volume(rig);
        volume.tag(ONE, Tag.of("later"));
        volume.hold(ONE, "me", "", Optional.empty());
        Snapshot before = volume.snapshot(ONE);

        openWith(rig, Step.CREATE_SNAPSHOT, RecordFormat.write(record(ONE, SnapshotKind.MANUAL, "tag")));

        assertThat(rig.find("app").snapshot(ONE)).isEqualTo(before);
    }

    @Test
    void aSnapshotOfNoVolumeIsForgotten(Rig rig) {
        openWith(rig, Step.CREATE_SNAPSHOT, RecordFormat.write(record(ONE, SnapshotKind.MANUAL)));

        assertThat(rig.store().volumes()).isEmpty();
    }

    @Test
    void aRemovalOfASnapshotIsFinished(Rig rig) {
        Volume volume = volume(rig);
        volume.writeMetadata(ONE, MetadataName.of("name"), new ByteArrayInputStream(new byte[3]));
        Path record = rig.layout().catalog().resolve("app/snapshots/one.json");

        rig.reopen(() -> Files.move(
                record, rig.layout().journal().resolve("99.delete-snapshot.json"), StandardCopyOption.ATOMIC_MOVE));

        assertThat(Rig.labels(rig.find("app"))).isEmpty();
        assertThat(rig.driver().snapshots(APP)).isEmpty();
        rig.snapshot(rig.find("app"), "one", "tag");
        assertThat(rig.find("app").metadata(ONE)).isEmpty();
    }

    @Test
    void aRemovalWhoseRecordIsStillInBothPlacesIsFinished(Rig rig) {
        Volume volume = volume(rig);

        openWith(
                rig,
                Step.DELETE_SNAPSHOT,
                RecordFormat.write(volume.snapshot(ONE).record()));

        assertThat(Rig.labels(rig.find("app"))).isEmpty();
    }

    @Test
    void aRemovalWhoseDataIsGoneAlreadyIsFinished(Rig rig) {
        Volume volume = volume(rig);
        byte[] record = RecordFormat.write(volume.snapshot(ONE).record());
        rig.driver().deleteSnapshot(APP, ONE);

        openWith(rig, Step.DELETE_SNAPSHOT, record);

        assertThat(Rig.labels(rig.find("app"))).isEmpty();
    }

    private static void takeVolumeRecord(Rig rig) throws Exception {
        Path record = rig.layout().catalog().resolve("app/volume.json");
        Files.move(record, rig.layout().journal().resolve("99.delete-volume.json"), StandardCopyOption.ATOMIC_MOVE);
    }

    @Test
    void aRemovalOfAVolumeIsFinished(Rig rig) {
        volume(rig);

        rig.reopen(() -> takeVolumeRecord(rig));

        assertThat(rig.store().volumes()).isEmpty();
        assertThat(rig.driver().snapshots(APP)).isEmpty();
        assertThat(Invariants.list(rig.volume("app").path())).isSubsetOf("lost+found");
    }

    @Test
    void aRemovalOfAVolumeWhoseHeadIsGoneIsFinished(Rig rig) {
        volume(rig);
        rig.driver().deleteVolume(APP);

        rig.reopen(() -> takeVolumeRecord(rig));

        assertThat(rig.store().volumes()).isEmpty();
        assertThat(rig.driver().snapshots(APP)).isEmpty();
    }

    @Test
    void aRemovalThatIsNotPossibleNowKeepsTheVolumeAndTheOthersOpen(Rig rig) {
        Volume volume = volume(rig);
        rig.volume("other");
        try (MountedInside mount = MountedInside.at(volume.path().resolve("mount"))) {
            rig.mine("mount");
            rig.reopen(() -> takeVolumeRecord(rig));

            assertThat(rig.read(rig.find("app"), "file")).isEqualTo("kept");
            assertThat(Rig.validLabels(rig.find("app"))).containsExactly("one");
            assertThat(rig.store().volumes()).hasSize(2);
            assertThat(mount.precious()).isEqualTo("on the other filesystem");
        }
        rig.store().removeVolume(APP);
        assertThat(rig.store().volumes()).hasSize(1);
    }

    @Test
    void aRemovalThatStopsHalfwayAgainKeepsTheNameTakenUntilItIsDone(Rig rig) {
        volume(rig);
        rig.reopen(() -> {
            takeVolumeRecord(rig);
            rig.faults().failAt(Moment.BEFORE, Call.DELETE_SNAPSHOT);
        });

        assertThat(rig.events().getLast().failure()).contains(ErrorCode.IO_FAILED);
        assertRefused(ErrorCode.VOLUME_EXISTS, () -> rig.volume("app"));

        rig.store().removeVolume(APP);
        assertThat(rig.store().volumes()).isEmpty();
        rig.volume("app");
    }

    @Test
    void aRemovalOfASnapshotThatIsNotPossibleNowKeepsIt(Rig rig) {
        Volume volume = volume(rig);
        Snapshot one = volume.snapshot(ONE);
        rig.reopen(() -> {
            enter(rig, Step.DELETE_SNAPSHOT, RecordFormat.write(one.record()));
            rig.faults().failAt(Moment.BEFORE, Call.DELETE_SNAPSHOT);
        });

        assertThat(rig.find("app").snapshots()).containsExactly(one);
        assertThat(rig.events().getLast().failure()).contains(ErrorCode.IO_FAILED);
    }

    @Test
    void aRollbackThatDidNotHappenIsForgotten(Rig rig) {
        volume(rig);

        openWith(rig, Step.REVERT, RecordFormat.write(record(TWO, SnapshotKind.UNDO)));

        assertThat(Rig.labels(rig.find("app"))).containsExactly("one");
        assertThat(rig.read(rig.find("app"), "file")).isEqualTo("kept");
    }

    @Test
    void aRollbackThatHappenedHasItsUndoPoint(Rig rig) {
        Volume volume = volume(rig);
        rig.write(volume, "file", "changed");
        rig.driver().revert(APP, ONE, TWO, Work.unwatched());
        SnapshotRecord undo = record(TWO, SnapshotKind.UNDO);

        openWith(rig, Step.REVERT, RecordFormat.write(undo));

        assertThat(rig.find("app").snapshot(TWO)).isEqualTo(new Snapshot(undo, true));
        assertThat(rig.read(rig.find("app"), "file")).isEqualTo("kept");
        assertThat(rig.read(rig.find("app"), "two", "file")).isEqualTo("changed");
    }

    @Test
    void aTornEntryIsPassedOver(Rig rig) {
        volume(rig);
        byte[] whole = RecordFormat.write(record(TWO, SnapshotKind.MANUAL));

        for (Step step : List.of(Step.CREATE_SNAPSHOT, Step.REVERT, Step.CREATE_VOLUME)) {
            openWith(rig, step, Arrays.copyOf(whole, whole.length / 2));
            openWith(rig, step, new byte[0]);
        }

        assertThat(Rig.validLabels(rig.find("app"))).containsExactly("one");
    }

    @Test
    void manyThingsUnderWayAreSettledTogether(Rig rig) {
        volume(rig);
        rig.driver().createSnapshot(APP, TWO, Work.unwatched());
        rig.driver().createVolume(VolumeName.of("made"), VolumeSpec.unlimited());
        rig.reopen(() -> {
            enter(rig, Step.CREATE_SNAPSHOT, RecordFormat.write(record(TWO, SnapshotKind.MANUAL)));
            enter(rig, Step.CREATE_VOLUME, volumeRecord("not made"));
            enter(rig, Step.CREATE_VOLUME, volumeRecord("made"));
            enter(rig, Step.DELETE_SNAPSHOT, RecordFormat.write(record(ONE, SnapshotKind.MANUAL)));
        });

        assertThat(Rig.validLabels(rig.find("app"))).containsExactly("two");
        assertThat(rig.store().volumes().stream().map(Volume::name)).containsExactly(APP, VolumeName.of("made"));
    }

    private static byte[] volumeRecord(String name) {
        return RecordFormat.write(new VolumeRecord(VolumeName.of(name), Rig.START, OptionalLong.empty()));
    }

    @Test
    void filesOfDeadWritersAreRemoved(Rig rig) {
        Volume volume = volume(rig);
        volume.writeMetadata(ONE, MetadataName.of("name"), new ByteArrayInputStream(new byte[3]));
        Path catalog = rig.layout().catalog().resolve("app");
        List<Path> remains = List.of(
                catalog.resolve(".1.tmp"),
                catalog.resolve("snapshots/.2.tmp"),
                catalog.resolve("metadata/one/.3.tmp"),
                rig.layout().journal().resolve(".4.tmp"));
        rig.reopen(() -> {
            for (Path file : remains) {
                Files.writeString(file, "half", StandardCharsets.UTF_8);
            }
        });

        assertThat(remains).allSatisfy(file -> assertThat(file).doesNotExist());
        assertThat(rig.find("app").metadata(ONE)).containsOnlyKeys("name");
    }
}
