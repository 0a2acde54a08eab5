package io.varve.conformance;

import io.varve.archive.Exclusions;
import io.varve.catalog.MetadataName;
import io.varve.catalog.Tag;
import io.varve.conformance.Faults.Call;
import io.varve.conformance.Faults.Moment;
import io.varve.spi.Capability;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.Event;
import io.varve.volume.Snapshot;
import io.varve.volume.Store;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Archives as snapshots: whole or not at all, whatever else goes on, and nobody loses anything to a bad one. */
abstract class ArchivePromises extends PromiseGroup {
    private static final VolumeName NEW = VolumeName.of("new");
    private static final MetadataName NAME = MetadataName.of("name");

    /** An archive with a message, a tag, a metadata stream and a file of a megabyte; its volume is gone again. */
    private static byte[] archive(Rig rig) {
        Volume volume = rig.volume("source");
        rig.write(volume, "file", "x".repeat(1 << 20));
        rig.snapshot(volume, "origin", "tag");
        volume.writeMetadata(
                Rig.label("origin"), NAME, new ByteArrayInputStream("stream".getBytes(StandardCharsets.UTF_8)));
        ByteArrayOutputStream archive = new ByteArrayOutputStream();
        volume.exportTo(Rig.label("origin"), Exclusions.of(List.of()), archive);
        rig.store().removeVolume(volume.name());
        return archive.toByteArray();
    }

    private static Snapshot bring(Rig rig, String label, byte[] archive) {
        return rig.store().importArchive(NEW, label, new ByteArrayInputStream(archive));
    }

    /** Brings the archive in and does something when half of it has come. */
    private static Snapshot bring(Rig rig, String label, byte[] archive, Runnable halfway) {
        return rig.store().importArchive(NEW, label, new HaltingStream(archive, archive.length / 2, halfway));
    }

    private static void breakOff() {
        throw new StorageException(ErrorCode.IO_FAILED, "the sender went away");
    }

    private interface Trial {
        void with(byte[] archive) throws Exception;
    }

    /** Where the driver does not import, its refusal is all. */
    private static void trying(Rig rig, Trial trial) throws Exception {
        byte[] archive = archive(rig);
        if (rig.can(Capability.IMPORT)) {
            trial.with(archive);
        } else {
            assertRefused(ErrorCode.NOT_SUPPORTED, () -> bring(rig, "copy", archive));
            assertThat(rig.store().find(NEW)).isEmpty();
        }
    }

    private static String metadata(Volume volume, String label) throws Exception {
        try (var stream = volume.readMetadata(Rig.label(label), NAME)) {
            return new String(stream.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @Test
    void anArchiveMakesTheSnapshotAndItsVolume(Rig rig) throws Exception {
        trying(rig, archive -> {
            Snapshot made = bring(rig, "copy", archive);

            assertThat(made.record().tags()).containsExactly(Tag.of("tag"));
            Volume volume = rig.find("new");
            assertThat(Rig.validLabels(volume)).containsExactly("copy");
            assertThat(metadata(volume, "copy")).isEqualTo("stream");
            assertThat(rig.read(volume, "copy", "file")).hasSize(1 << 20);
            assertThat(Invariants.list(volume.path())).isSubsetOf("lost+found");
        });
    }

    @Test
    void anImportThatSucceedsTellsOfNoRemoval(Rig rig) throws Exception {
        trying(rig, archive -> {
            rig.events().clear();
            bring(rig, "copy", archive);

            assertThat(rig.events())
                    .extracting(Event::type)
                    .contains("volume.create")
                    .doesNotContain("volume.remove");
        });
    }

    @Test
    void theVolumeOfAnImportThatFailsGoesAgain(Rig rig) throws Exception {
        trying(rig, archive -> {
            assertRefused(ErrorCode.IO_FAILED, () -> bring(rig, "copy", archive, ArchivePromises::breakOff));

            assertThat(rig.store().find(NEW)).isEmpty();
            rig.volume("new");
            assertThat(rig.find("new").snapshots()).isEmpty();
        });
    }

    @Test
    void aFailedImportTakesNoOthersSnapshotAway(Rig rig) throws Exception {
        trying(rig, archive -> {
            assertRefused(
                    ErrorCode.IO_FAILED,
                    () -> bring(rig, "bad", archive, () -> {
                        bring(rig, "good", archive);
                        breakOff();
                    }));

            assertThat(Rig.validLabels(rig.find("new"))).containsExactly("good");
        });
    }

    @Test
    void aFailedImportTakesNoOtherImportsVolumeAway(Rig rig) throws Exception {
        trying(rig, archive -> {
            bring(
                    rig,
                    "good",
                    archive,
                    () -> assertRefused(
                            ErrorCode.IO_FAILED, () -> bring(rig, "bad", archive, ArchivePromises::breakOff)));

            assertThat(Rig.validLabels(rig.find("new"))).containsExactly("good");
        });
    }

    @Test
    void theFirstOfTwoImportsFailsAndTheSecondGoesOn(Rig rig) throws Exception {
        trying(rig, archive -> {
            CountDownLatch underWay = new CountDownLatch(1);
            CountDownLatch firstFailed = new CountDownLatch(1);
            try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
                Future<?>[] second = new Future<?>[1];
                assertRefused(
                        ErrorCode.IO_FAILED,
                        () -> bring(rig, "first", archive, () -> {
                            second[0] = pool.submit(() -> bring(rig, "second", archive, () -> {
                                underWay.countDown();
                                await(firstFailed);
                            }));
                            await(underWay);
                            breakOff();
                        }));
                assertThat(rig.store().find(NEW)).isPresent();
                firstFailed.countDown();
                Together.result(second[0]);
            }
            assertThat(Rig.validLabels(rig.find("new"))).containsExactly("second");
        });
    }

    private static void await(CountDownLatch latch) {
        Unchecked.run(() -> assertThat(latch.await(60, TimeUnit.SECONDS)).isTrue());
    }

    @Test
    void whatAnApplicationWroteMeanwhileStays(Rig rig) throws Exception {
        trying(rig, archive -> {
            assertRefused(
                    ErrorCode.IO_FAILED,
                    () -> bring(rig, "copy", archive, () -> {
                        rig.write(rig.find("new"), "mine", "precious");
                        breakOff();
                    }));

            assertThat(rig.read(rig.find("new"), "mine")).isEqualTo("precious");
        });
    }

    @Test
    void aVolumeThatSomebodyAskedForMeanwhileStays(Rig rig) throws Exception {
        trying(rig, archive -> {
            assertRefused(
                    ErrorCode.IO_FAILED,
                    () -> bring(rig, "copy", archive, () -> {
                        assertRefused(ErrorCode.VOLUME_EXISTS, () -> rig.volume("new"));
                        breakOff();
                    }));

            assertThat(rig.store().find(NEW)).isPresent();
        });
    }

    @Test
    void manyMayBringTheFirstArchives(Rig rig) throws Exception {
        trying(rig, archive -> {
            Together.run(4, i -> bring(rig, "copy" + i, archive));

            assertThat(Rig.validLabels(rig.find("new"))).hasSize(4);
        });
    }

    @Test
    void ofManyArchivesWithOneTagOneKeepsIt(Rig rig) throws Exception {
        trying(rig, archive -> {
            Together.run(4, i -> bring(rig, "copy" + i, archive));

            assertThat(rig.find("new").snapshots())
                    .filteredOn(snapshot -> !snapshot.record().tags().isEmpty())
                    .hasSize(1);
        });
    }

    @Test
    void aTagThatASnapshotIsGettingIsNotGivenToAnImport(Rig rig) throws Exception {
        trying(rig, archive -> {
            Volume volume = rig.volume("new");
            CountDownLatch goOn = new CountDownLatch(1);
            try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
                Future<?>[] taken = new Future<?>[1];
                bring(rig, "copy", archive, () -> {
                    CountDownLatch reached = new CountDownLatch(1);
                    rig.faults().at(Moment.BEFORE, Call.CREATE_SNAPSHOT, () -> {
                        reached.countDown();
                        Unchecked.run(() -> goOn.await(1, TimeUnit.SECONDS));
                    });
                    taken[0] = pool.submit(() -> rig.snapshot(volume, "taken", "tag"));
                    await(reached);
                });
                Together.result(taken[0]);
            }
            assertThat(volume.snapshotWith(Tag.of("tag")).label()).isEqualTo(Rig.label("taken"));
            assertThat(volume.snapshot(Rig.label("copy")).record().tags()).isEmpty();
        });
    }

    @Test
    void aVolumeIsNotRemovedUnderAnImport(Rig rig) throws Exception {
        trying(rig, archive -> {
            bring(rig, "copy", archive, () -> {
                assertThat(rig.store().planRemoval(NEW).obstacles())
                        .singleElement()
                        .asString()
                        .contains("copy", "import");
                assertRefused(ErrorCode.BUSY, () -> rig.store().removeVolume(NEW), "copy", "import");
            });

            assertThat(Rig.validLabels(rig.find("new"))).containsExactly("copy");
            rig.store().removeVolume(NEW);
        });
    }

    @Test
    void ofAnImportThatDiedNothingIsLeft(Rig rig) throws Exception {
        trying(rig, archive -> {
            assertThatThrownBy(() -> bring(rig, "copy", archive, ArchivePromises::die))
                    .isInstanceOf(Faults.Death.class);

            rig.reopen();
            assertThat(rig.store().find(NEW)).isEmpty();

            Volume volume = rig.volume("new");
            rig.snapshot(volume, "copy", "tag");
            assertThat(volume.metadata(Rig.label("copy"))).isEmpty();
        });
    }

    private static void die() {
        throw new Faults.Death();
    }

    @Test
    void anImportThatDiedInAVolumeOfOthersLeavesNoMetadata(Rig rig) throws Exception {
        trying(rig, archive -> {
            rig.write(rig.volume("new"), "file", "kept");
            assertThatThrownBy(() -> bring(rig, "copy", archive, ArchivePromises::die))
                    .isInstanceOf(Faults.Death.class);

            rig.reopen();
            Volume volume = rig.find("new");
            rig.snapshot(volume, "copy", "tag");

            assertThat(volume.metadata(Rig.label("copy"))).isEmpty();
            assertThat(rig.read(volume, "file")).isEqualTo("kept");
        });
    }

    @Test
    void whatWasWrittenIntoTheVolumeOfAnImportThatDiedStays(Rig rig) throws Exception {
        trying(rig, archive -> {
            assertThatThrownBy(() -> bring(rig, "copy", archive, () -> {
                        rig.write(rig.find("new"), "mine", "precious");
                        die();
                    }))
                    .isInstanceOf(Faults.Death.class);

            rig.reopen();
            assertThat(rig.read(rig.find("new"), "mine")).isEqualTo("precious");
        });
    }

    @Test
    void deathAtTheEndOfAnImportLeavesAllOrNothing(Rig rig) throws Exception {
        trying(rig, archive -> {
            for (Moment moment : Moment.values()) {
                rig.faults().dieAt(moment, Call.COMMIT);
                assertThatThrownBy(() -> bring(rig, "copy", archive)).isInstanceOf(Faults.Death.class);
                rig.reopen();
                if (moment == Moment.BEFORE) {
                    assertThat(rig.store().find(NEW)).isEmpty();
                } else {
                    assertThat(metadata(rig.find("new"), "copy")).isEqualTo("stream");
                    assertThat(Rig.validLabels(rig.find("new"))).containsExactly("copy");
                }
            }
        });
    }

    @Test
    void anImportWhoseEndFailsLeavesNothing(Rig rig) throws Exception {
        trying(rig, archive -> {
            Volume volume = rig.volume("new");
            rig.faults().failAt(Moment.BEFORE, Call.COMMIT);
            assertRefused(ErrorCode.IO_FAILED, () -> bring(rig, "copy", archive));

            rig.snapshot(volume, "copy", "tag");
            assertThat(volume.metadata(Rig.label("copy"))).isEmpty();
        });
    }

    @Test
    void aStoreRefusesBadNamesBeforeItMakesAVolume(Rig rig) throws Exception {
        trying(rig, archive -> {
            Store store = rig.store();
            assertRefused(
                    ErrorCode.NAME_INVALID, () -> store.importArchive(NEW, "a/b", new ByteArrayInputStream(archive)));
            assertThat(store.find(NEW)).isEqualTo(Optional.empty());
        });
    }
}
