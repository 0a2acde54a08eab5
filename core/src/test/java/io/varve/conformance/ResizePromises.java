package io.varve.conformance;

import io.varve.catalog.RecordFormat;
import io.varve.catalog.VolumeRecord;
import io.varve.conformance.Faults.Call;
import io.varve.conformance.Faults.Moment;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.linux.Kernel;
import io.varve.spi.Capability;
import io.varve.spi.ErrorCode;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.StandardOpenOption;
import java.util.OptionalLong;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Growing volumes, where the driver can; where it cannot, always the same refusal. */
abstract class ResizePromises extends PromiseGroup {
    /** The origin's tolerance for what a filesystem takes for itself when it grows. */
    private static final long TOLERANCE = 50L << 20;

    private static long size(Rig rig) {
        return rig.root().fixture().smallestVolume();
    }

    /** A volume of the smallest size with a file; refused where the driver knows no sizes. */
    private static Volume sized(Rig rig) {
        VolumeSpec spec = new VolumeSpec(OptionalLong.of(size(rig)));
        Volume volume = rig.store().createVolume(VolumeName.of("sized"), spec);
        rig.write(volume, "file", "kept");
        return volume;
    }

    private static boolean refusedForLackOfAbility(Rig rig) {
        if (rig.can(Capability.RESIZE)) {
            return false;
        }
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        assertRefused(ErrorCode.NOT_SUPPORTED, () -> volume.resize(size(rig)));
        assertRefused(ErrorCode.NOT_SUPPORTED, () -> rig.driver().resize(volume.name(), size(rig)));
        assertThat(volume.record().size()).isEmpty();
        assertThat(rig.read(volume, "file")).isEqualTo("kept");
        return true;
    }

    @Test
    void aVolumeGrowsUnderOpenFiles(Rig rig) throws IOException {
        if (refusedForLackOfAbility(rig)) {
            return;
        }
        Volume volume = sized(rig);
        rig.snapshot(volume, "before");
        long before = Kernel.space(volume.path()).total();
        try (FileChannel open = FileChannel.open(volume.path().resolve("file"), StandardOpenOption.APPEND)) {
            assertThat(volume.resize(2 * size(rig)).size()).hasValue(2 * size(rig));
            open.write(ByteBuffer.wrap(new byte[] {'!'}));
        }

        assertThat(rig.read(volume, "file")).isEqualTo("kept!");
        if (Kernel.stat(volume.path()).mountRoot()) {
            assertThat(Kernel.space(volume.path()).total() - before)
                    .isBetween(size(rig) - TOLERANCE, size(rig) + TOLERANCE);
        }
        rig.reopen();
        assertThat(rig.find("sized").record().size()).hasValue(2 * size(rig));
        rig.rollback(rig.find("sized"), "before");
        assertThat(rig.read(rig.find("sized"), "file")).isEqualTo("kept");
    }

    @Test
    void aVolumeNeverShrinks(Rig rig) throws IOException {
        if (refusedForLackOfAbility(rig)) {
            return;
        }
        Volume volume = sized(rig);
        volume.resize(2 * size(rig));
        long before = Kernel.space(volume.path()).total();

        assertRefused(ErrorCode.NO_SHRINK, () -> volume.resize(size(rig)), "sized");
        assertRefused(ErrorCode.NO_SHRINK, () -> volume.resize(2 * size(rig)));
        assertRefused(ErrorCode.NO_SHRINK, () -> volume.resize(0));

        assertThat(volume.record().size()).hasValue(2 * size(rig));
        assertThat(Kernel.space(volume.path()).total()).isEqualTo(before);
        assertThat(rig.read(volume, "file")).isEqualTo("kept");
    }

    @Test
    void deathLeavesSizeAndRecordInAgreement(Rig rig) {
        if (refusedForLackOfAbility(rig)) {
            return;
        }
        VolumeName name = sized(rig).name();
        long wanted = size(rig);
        for (Moment moment : Moment.values()) {
            wanted += size(rig);
            long bytes = wanted;
            rig.faults().dieAt(moment, Call.RESIZE);
            assertThatThrownBy(() -> rig.find("sized").resize(bytes)).isInstanceOf(Faults.Death.class);

            rig.reopen();

            long recorded = rig.find("sized").record().size().orElseThrow();
            assertThat(recorded).isIn(bytes - size(rig), bytes);
            assertRefused(ErrorCode.NO_SHRINK, () -> rig.driver().resize(name, recorded));
            if (moment == Moment.AFTER) {
                assertThat(recorded).isEqualTo(bytes);
            }
            assertThat(rig.read(rig.find("sized"), "file")).isEqualTo("kept");
        }
    }

    @Test
    void anOldEntryNeverChangesTheRecordOfAVolumeThatHasGrownSince(Rig rig) {
        if (refusedForLackOfAbility(rig)) {
            return;
        }
        Volume volume = sized(rig);
        VolumeRecord old = volume.record();
        volume.resize(2 * size(rig));

        rig.reopen(() -> new Journal(rig.layout().journal())
                .begin(Step.RESIZE_VOLUME, RecordFormat.write(old.withSize(size(rig) + 1)), true));

        assertThat(rig.find("sized").record().size()).hasValue(2 * size(rig));
    }
}
