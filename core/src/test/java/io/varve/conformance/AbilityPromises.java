package io.varve.conformance;

import io.varve.spi.Capability;
import io.varve.spi.ErrorCode;
import io.varve.spi.ExclusiveSize;
import io.varve.spi.NativeStream;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.util.Optional;
import java.util.random.RandomGenerator;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** The lesser abilities: streams of the technology's own, and what one snapshot alone takes. */
abstract class AbilityPromises extends PromiseGroup {
    private static final int LARGE = 1 << 20;
    private static final SnapshotLabel ONE = SnapshotLabel.of("one");
    private static final SnapshotLabel TWO = SnapshotLabel.of("two");

    /** A volume {@code app} with a large file in snapshot {@code one} and without it in {@code two}. */
    private static VolumeName volume(DriverRig rig) throws IOException {
        VolumeName volume = rig.volume("app");
        byte[] bytes = new byte[LARGE];
        RandomGenerator.of("L64X128MixRandom").nextBytes(bytes);
        Files.write(rig.head(volume).resolve("large"), bytes);
        rig.snapshot(volume, "one");
        Files.delete(rig.head(volume).resolve("large"));
        Rig.write(rig.head(volume).resolve("small"), "x");
        rig.snapshot(volume, "two");
        return volume;
    }

    @Test
    void aSnapshotTellsWhatRemovingItGivesBack(DriverRig rig) throws IOException {
        VolumeName volume = volume(rig);
        if (rig.can(Capability.EXCLUSIVE_SIZE)) {
            ExclusiveSize driver = (ExclusiveSize) rig.driver();
            assertThat(driver.exclusiveBytes(volume, ONE, Work.unwatched())).isBetween((long) LARGE, 4L * LARGE);
            assertThat(driver.exclusiveBytes(volume, TWO, Work.unwatched())).isLessThan(LARGE);
        } else if (rig.driver() instanceof ExclusiveSize unable) {
            assertRefused(ErrorCode.NOT_SUPPORTED, () -> unable.exclusiveBytes(volume, ONE, Work.unwatched()));
        }
    }

    @Test
    void aStreamHoldsTheSnapshotOrWhatChanged(DriverRig rig) throws IOException {
        VolumeName volume = volume(rig);
        if (rig.can(Capability.NATIVE_STREAM)) {
            NativeStream driver = (NativeStream) rig.driver();
            assertThat(sent(driver, volume, ONE, Optional.empty())).isGreaterThan(LARGE);
            assertThat(sent(driver, volume, TWO, Optional.of(ONE))).isBetween(1, LARGE);
            assertRefused(
                    ErrorCode.SNAPSHOT_NOT_FOUND,
                    () -> sent(driver, volume, SnapshotLabel.of("no"), Optional.empty()),
                    "no");
        } else if (rig.driver() instanceof NativeStream unable) {
            assertRefused(ErrorCode.NOT_SUPPORTED, () -> sent(unable, volume, ONE, Optional.empty()));
        }
    }

    private static int sent(
            NativeStream driver, VolumeName volume, SnapshotLabel label, Optional<SnapshotLabel> parent) {
        ByteArrayOutputStream target = new ByteArrayOutputStream();
        driver.send(volume, label, parent, target, Work.unwatched());
        return target.size();
    }
}
