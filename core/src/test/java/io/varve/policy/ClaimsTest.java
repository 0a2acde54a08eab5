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
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/** Where two policies claim the same snapshots, nothing is removed and both are named. */
class ClaimsTest {
    private static final String GREEDY = PolicyStage.ALL + ",'unmatched':'include','keep':{'last':1}";

    @TempDir
    Path temp;

    private PolicyStage stage;
    private Volume volume;

    @BeforeEach
    void snapshotsOfBothAndOfNobody() {
        stage = new PolicyStage(temp);
        volume = stage.volume("app");
        for (int i = 0; i < 3; i++) {
            volume.snapshot(SnapshotRequest.byPolicy("modest", SnapshotLabel.of("modest-" + i)));
            volume.snapshot(SnapshotRequest.labelled("by-hand-" + i));
        }
        stage.put("greedy", GREEDY + ",'brake':{'maxRemovePercent':100}");
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void assertRefused(String policy, String rival) {
        assertThat(stage.runner.preview(policy, Optional.empty()).volumes())
                .singleElement()
                .satisfies(preview -> {
                    assertThat(preview.plan().remove()).isEmpty();
                    RunReport.Failure failure = preview.failure().orElseThrow();
                    assertThat(failure.code()).isEqualTo(ErrorCode.POLICY_CONFLICT);
                    assertThat(failure.detail()).contains(policy, rival, "'app'");
                });
        assertThat(stage.runner.prune(policy).succeeded()).isFalse();
        assertThat(PolicyStage.labels(volume)).hasSize(6);
    }

    @Test
    void whatAPolicyMadeThatIsStillThereIsNotTakenInByAnother() {
        stage.put("modest", PolicyStage.ALL + ",'keep':{'last':2}");

        assertRefused("greedy", "modest");

        assertThat(stage.runner.prune("modest").succeeded()).isTrue();
        assertThat(PolicyStage.labels(volume)).hasSize(5);
    }

    @Test
    void ofTwoThatTakeInAllNeitherRemovesAnything() {
        stage.put("other", GREEDY);

        assertRefused("greedy", "other");
        assertRefused("other", "greedy");
    }

    @Test
    void whatAPolicyMadeThatIsGoneIsTakenIn() {
        assertThat(stage.runner.prune("greedy").succeeded()).isTrue();
        assertThat(PolicyStage.labels(volume)).hasSize(1);
    }

    @Test
    void aPolicyOfOtherVolumesIsNoRival() {
        stage.put("modest", "'match':{'stores':['*'],'volumes':['other']},'keep':{'last':2}");

        assertThat(stage.runner.prune("greedy").succeeded()).isTrue();
    }
}
