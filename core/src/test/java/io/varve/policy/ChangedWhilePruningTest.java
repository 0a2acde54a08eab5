package io.varve.policy;

import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** A policy that is edited or removed while it is carried out removes nothing more by what it was. */
class ChangedWhilePruningTest {
    private static final String STRICT = PolicyStage.ALL + ",'keep':{'last':1},'brake':{'maxRemovePercent':100}";

    @TempDir
    Path temp;

    private PolicyStage stage;
    private Volume volume;

    @BeforeEach
    void fiveSnapshots() {
        stage = new PolicyStage(temp);
        volume = stage.volume("app");
        for (int i = 0; i < 5; i++) {
            volume.snapshot(SnapshotRequest.byPolicy("p", SnapshotLabel.of("s" + i)));
        }
        stage.put("p", STRICT);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private RunReport pruneAndOnceDo(Runnable action) {
        stage.driver.atRemoval((name, label) -> {
            stage.driver.atRemoval((any, other) -> {});
            action.run();
        });
        return stage.runner.prune("p");
    }

    private void assertStopped(RunReport report) {
        assertThat(report.volumes()).singleElement().satisfies(volumes -> {
            assertThat(volumes.removed()).hasSize(1);
            assertThat(volumes.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.PLAN_STALE);
                assertThat(failure.detail()).contains("policy 'p' was changed or removed meanwhile");
            });
        });
        assertThat(PolicyStage.labels(volume)).hasSize(4);
    }

    @Test
    void anEditStopsTheRun() {
        assertStopped(pruneAndOnceDo(() -> stage.put("p", PolicyStage.ALL + ",'keep':{'last':4}")));
    }

    @Test
    void soDoesItsRemoval() {
        assertStopped(pruneAndOnceDo(() -> stage.book.remove("p")));
    }

    @Test
    void settingItToWhatItIsChangesNothing() {
        RunReport report = pruneAndOnceDo(() -> stage.put("p", STRICT));

        assertThat(report.succeeded()).isTrue();
        assertThat(PolicyStage.labels(volume)).hasSize(1);
    }
}
