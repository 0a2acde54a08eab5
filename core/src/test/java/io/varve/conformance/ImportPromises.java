package io.varve.conformance;

import io.varve.spi.Capability;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotBuilder;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.Optional;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Snapshots built from data that comes from outside, where the driver can. */
abstract class ImportPromises extends PromiseGroup {
    private static final SnapshotLabel COPY = SnapshotLabel.of("copy");
    private static final SnapshotLabel UNDO = SnapshotLabel.of("undo");

    /** The driver as one that imports; where it does not, its refusal has been seen. */
    private static Optional<SnapshotBuilder> builder(DriverRig rig, VolumeName volume) {
        if (rig.can(Capability.IMPORT)) {
            return Optional.of((SnapshotBuilder) rig.driver());
        }
        if (rig.driver() instanceof SnapshotBuilder unwilling) {
            assertRefused(ErrorCode.NOT_SUPPORTED, () -> unwilling.begin(volume, COPY, 0));
            assertRefused(ErrorCode.NOT_SUPPORTED, () -> unwilling.commit(volume, COPY));
        }
        assertThat(rig.snapshots(volume)).isEmpty();
        return Optional.empty();
    }

    private interface Trial {
        void on(SnapshotBuilder builder, VolumeName volume);
    }

    private static void trying(DriverRig rig, Trial trial) {
        VolumeName volume = rig.volume("app");
        builder(rig, volume).ifPresent(builder -> trial.on(builder, volume));
    }

    @Test
    void whatWasBuiltBecomesASnapshotInEveryDetail(DriverRig rig) {
        trying(rig, (builder, volume) -> {
            Path tree = builder.begin(volume, COPY, 1 << 20);
            assertThat(Invariants.list(tree)).isSubsetOf("lost+found");
            OddTree.make(tree);
            Rig.write(tree.resolve("file"), "imported");
            Contents built = Contents.of(tree);
            assertThat(rig.snapshots(volume)).isEmpty();

            builder.commit(volume, COPY);

            assertThat(rig.snapshots(volume)).containsExactly(COPY);
            assertThat(Contents.of(rig.tree(volume, "copy"))).isEqualTo(built);
            rig.reopen();
            assertThat(Contents.of(rig.tree(volume, "copy"))).isEqualTo(built);
            rig.driver().revert(volume, COPY, UNDO, Work.unwatched());
            assertThat(Contents.of(rig.head(volume))).isEqualTo(built);
            rig.driver().deleteSnapshot(volume, COPY);
            assertThat(rig.snapshots(volume)).containsExactly(UNDO);
        });
    }

    @Test
    void anExistingSnapshotIsNotReplaced(DriverRig rig) {
        trying(rig, (builder, volume) -> {
            rig.snapshot(volume, "copy");

            assertRefused(ErrorCode.SNAPSHOT_EXISTS, () -> builder.begin(volume, COPY, 0), "copy");

            assertThat(rig.snapshots(volume)).containsExactly(COPY);
        });
    }

    @Test
    void whatWasAbandonedIsGone(DriverRig rig) {
        trying(rig, (builder, volume) -> {
            Path tree = builder.begin(volume, COPY, 0);
            Rig.write(tree.resolve("file"), "half");

            builder.abandon(volume, COPY);
            builder.abandon(volume, COPY);

            assertThat(tree.resolve("file")).doesNotExist();
            assertThat(rig.snapshots(volume)).isEmpty();
            rig.snapshot(volume, "copy");
            assertThat(Invariants.list(rig.tree(volume, "copy"))).isSubsetOf("lost+found");
        });
    }

    @Test
    void aNewAttemptBeginsWithAnEmptyTree(DriverRig rig) {
        trying(rig, (builder, volume) -> {
            Rig.write(builder.begin(volume, COPY, 0).resolve("first"), "half");

            Path tree = builder.begin(volume, COPY, 0);
            assertThat(Invariants.list(tree)).isSubsetOf("lost+found");
            Rig.write(tree.resolve("second"), "whole");
            builder.commit(volume, COPY);

            assertThat(rig.tree(volume, "copy").resolve("first")).doesNotExist();
            assertThat(rig.tree(volume, "copy").resolve("second")).hasContent("whole");
        });
    }

    @Test
    void whatWasNotCommittedDiesWithTheProcess(DriverRig rig) {
        trying(rig, (builder, volume) -> {
            Rig.write(builder.begin(volume, COPY, 0).resolve("file"), "half");

            rig.reopen();

            assertThat(rig.snapshots(volume)).isEmpty();
            rig.snapshot(volume, "copy");
        });
    }

    @Test
    void twoVolumesAreBuiltAtOnce(DriverRig rig) {
        trying(rig, (builder, volume) -> {
            VolumeName other = rig.volume("other");
            Rig.write(builder.begin(volume, COPY, 0).resolve("file"), "app");
            Rig.write(builder.begin(other, COPY, 0).resolve("file"), "other");

            builder.commit(other, COPY);
            builder.commit(volume, COPY);

            assertThat(rig.tree(volume, "copy").resolve("file")).hasContent("app");
            assertThat(rig.tree(other, "copy").resolve("file")).hasContent("other");
        });
    }
}
