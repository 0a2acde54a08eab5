package io.varve.conformance;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;

/** Releasing a volume: unmounted or deactivated, until it is used again. */
abstract class ReleasePromises extends PromiseGroup {
    private static Volume volume(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.snapshot(volume, "one");
        return volume;
    }

    @Test
    void usingItBringsItBack(Rig rig) {
        Volume volume = volume(rig);
        Contents before = Contents.of(volume.path());

        volume.release();
        volume.release();

        assertThat(Contents.of(volume.path())).isEqualTo(before);
        assertThat(rig.read(volume, "one", "file")).isEqualTo("kept");
    }

    @Test
    void everythingElseWorksOnAReleasedVolume(Rig rig) {
        Volume volume = volume(rig);

        volume.release();
        rig.snapshot(volume, "two");
        volume.release();
        rig.rollback(volume, "one");
        volume.release();
        volume.removeSnapshot(Rig.label("two"));

        assertThat(rig.read(volume, "file")).isEqualTo("kept");
        assertThat(Rig.validLabels(volume)).startsWith("one").hasSize(2);
    }

    @Test
    void aVolumeInUseStaysUsable(Rig rig) {
        Volume volume = volume(rig);
        try (Idler idler = Idler.in(volume.path())) {
            assertThat(idler.pid()).isPositive();
            try {
                volume.release();
            } catch (StorageException refusal) {
                assertThat(refusal.code()).isEqualTo(ErrorCode.BUSY);
                assertThat(rig.layout().volume(volume.name()).resolve("file")).hasContent("kept");
            }
        }
        assertThat(rig.read(volume, "file")).isEqualTo("kept");
    }

    @Test
    void theDriverReleasesWhatIsNotInUseOrNotThere(DriverRig rig) {
        VolumeName volume = rig.volume("app");

        rig.driver().release(volume);
        rig.driver().release(volume);
        rig.driver().release(VolumeName.of("absent"));

        assertThat(rig.head(volume)).isDirectory();
    }
}
