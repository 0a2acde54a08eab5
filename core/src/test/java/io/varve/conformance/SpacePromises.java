package io.varve.conformance;

import io.varve.catalog.Tag;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.random.RandomGenerator;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A full disk: refused early and cleanly, nothing lost, and removing still works. */
abstract class SpacePromises extends PromiseGroup {
    private interface Trial {
        void on(Rig rig, Volume volume) throws IOException;
    }

    /** A volume {@code app} with a snapshot {@code one}, and not a byte left on the disk. */
    private static void onAFullDisk(DriverFixture fixture, Trial trial) throws IOException {
        Optional<Path> root = fixture.newSmallRoot();
        assumeTrue(root.isPresent(), "the fixture can make no small filesystem here");
        try (Rig rig = new Rig(fixture, root.get())) {
            Volume volume = rig.volume("app");
            rig.mine("large");
            rig.write(volume, "file", "then");
            rig.mine("filler");
            writeLarge(volume);
            rig.snapshot(volume, "one", "tag");
            rig.write(volume, "file", "now!");
            fill(volume.path().resolve("filler"));
            trial.on(rig, volume);
            Files.deleteIfExists(volume.path().resolve("filler"));
            rig.checkInvariants();
        }
    }

    private static void writeLarge(Volume volume) throws IOException {
        byte[] bytes = new byte[1 << 20];
        RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
        Files.write(volume.path().resolve("large"), bytes);
    }

    private static void fill(Path filler) throws IOException {
        for (int size = 1 << 20; size >= 512; size /= 2) {
            byte[] bytes = new byte[size];
            RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
            try (var out = Files.newOutputStream(filler, StandardOpenOption.CREATE, StandardOpenOption.APPEND)) {
                while (true) {
                    out.write(bytes);
                }
            } catch (IOException full) {
                assertThat(full).hasMessageContaining("No space left");
            }
        }
    }

    /** Tries what may or may not fit; where it does not, that is said with the right code. */
    private static boolean fits(Runnable action) {
        try {
            action.run();
            return true;
        } catch (StorageException refusal) {
            assertThat(refusal.code()).as("%s", refusal).isEqualTo(ErrorCode.NO_SPACE);
            return false;
        }
    }

    @Test
    void aSnapshotIsTakenWholeOrRefused(DriverFixture fixture) throws IOException {
        onAFullDisk(fixture, (rig, volume) -> {
            boolean taken = fits(() -> rig.snapshot(volume, "two"));

            assertThat(Rig.validLabels(volume)).hasSize(taken ? 2 : 1);
            assertThat(rig.read(volume, "one", "file")).isEqualTo("then");
            if (taken) {
                assertThat(rig.read(volume, "two", "file")).isEqualTo("now!");
            }
        });
    }

    @Test
    void aRollbackHappensWholeOrIsRefused(DriverFixture fixture) throws IOException {
        onAFullDisk(fixture, (rig, volume) -> {
            boolean done = fits(() -> rig.rollback(volume, "one"));

            assertThat(rig.read(volume, "file")).isEqualTo(done ? "then" : "now!");
            assertThat(volume.snapshots()).hasSize(done ? 2 : 1);
        });
    }

    @Test
    void recordsAreChangedWholeOrNotAtAll(DriverFixture fixture) throws IOException {
        onAFullDisk(fixture, (rig, volume) -> {
            boolean tagged = fits(() -> volume.tag(Rig.label("one"), Tag.of("second")));

            rig.reopen();
            assertThat(rig.find("app").snapshot(Rig.label("one")).record().tags())
                    .hasSize(tagged ? 2 : 1);
        });
    }

    @Test
    void aVolumeIsMadeOrRefused(DriverFixture fixture) throws IOException {
        onAFullDisk(fixture, (rig, volume) -> {
            boolean made = fits(() -> rig.volume("second"));

            assertThat(rig.store().volumes()).hasSize(made ? 2 : 1);
        });
    }

    @Test
    void aSnapshotCanBeRemoved(DriverFixture fixture) throws IOException {
        onAFullDisk(fixture, (rig, volume) -> {
            volume.removeSnapshot(Rig.label("one"));

            assertThat(volume.snapshots()).isEmpty();
            assertThat(rig.read(volume, "file")).isEqualTo("now!");
        });
    }

    @Test
    void aVolumeCanBeRemovedAndThenThereIsRoomAgain(DriverFixture fixture) throws IOException {
        Optional<Path> root = fixture.newSmallRoot();
        assumeTrue(root.isPresent(), "the fixture can make no small filesystem here");
        try (Rig rig = new Rig(fixture, root.get())) {
            Volume volume = rig.volume("app");
            rig.mine("filler");
            rig.write(volume, "file", "x");
            rig.snapshot(volume, "one");
            fill(volume.path().resolve("filler"));

            rig.store().removeVolume(volume.name());

            rig.reopen();
            Volume next = rig.volume("next");
            rig.write(next, "file", "fits");
            rig.snapshot(next, "one");
            rig.checkInvariants();
        }
    }
}
