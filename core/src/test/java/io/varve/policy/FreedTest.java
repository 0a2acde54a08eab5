package io.varve.policy;

import io.varve.retention.RetentionPlan;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalLong;

import static org.assertj.core.api.Assertions.assertThat;

class FreedTest {
    private static final long MEBIBYTE = 1 << 20;

    @TempDir
    Path directory;

    /** Three snapshots by a policy that keeps the last one. */
    private PolicyStage stage() {
        PolicyStage stage = new PolicyStage(directory);
        stage.volume("app");
        stage.put("thin", PolicyStage.ALL + ",'keep':{'last':1}");
        for (int i = 0; i < 3; i++) {
            stage.runner.take("thin");
            stage.pass(Duration.ofHours(1));
        }
        return stage;
    }

    private static Preview.OfVolume preview(PolicyStage stage) {
        return stage.runner.preview("thin", Optional.empty()).volumes().getFirst();
    }

    @Test
    void aPreviewTellsTheBytesThatComeBackForCertain() {
        try (PolicyStage stage = stage()) {
            stage.driver.exclusive(label -> MEBIBYTE);

            assertThat(preview(stage).plan().remove()).hasSize(2);
            assertThat(preview(stage).freesAtLeast()).hasValue(2 * MEBIBYTE);
        }
    }

    @Test
    void nothingIsToldWhereTheDriverCannotTellOrNothingGoes() {
        try (PolicyStage stage = stage()) {
            assertThat(preview(stage).freesAtLeast()).isEmpty();

            stage.driver.exclusive(label -> MEBIBYTE);
            stage.runner.prune("thin");
            assertThat(preview(stage).plan().remove()).isEmpty();
            assertThat(preview(stage).freesAtLeast()).isEmpty();
        }
    }

    @Test
    void aPreviewDoesNotFailForANumber() {
        try (PolicyStage stage = stage()) {
            RetentionPlan before = preview(stage).plan();
            stage.driver.exclusive(label -> {
                throw new StorageException(ErrorCode.IO_FAILED, "the pool cannot be read");
            });

            assertThat(preview(stage).plan()).isEqualTo(before);
            assertThat(preview(stage).freesAtLeast()).isEqualTo(OptionalLong.empty());
        }
    }

    @Test
    void pruningMeasuresNothing() {
        try (PolicyStage stage = stage()) {
            stage.driver.exclusive(label -> {
                throw new AssertionError("measured " + label);
            });

            assertThat(stage.runner.prune("thin").volumes().getFirst().removed())
                    .hasSize(2);
        }
    }
}
