package io.varve.policy;

import io.varve.catalog.SnapshotGroup;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Snapshot;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Volumes that are snapshotted together: all or none, and it is known how far apart. */
class TogetherTest {
    private static final String TOGETHER = PolicyStage.ALL + ",'together':true,'keep':{'last':9}";

    @TempDir
    Path temp;

    private PolicyStage stage;
    private List<Volume> volumes;

    @BeforeEach
    void threeVolumes() {
        stage = new PolicyStage(temp);
        volumes = Stream.of("a", "b", "c").map(stage::volume).toList();
        stage.put("p", TOGETHER);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private List<SnapshotGroup> groups() {
        return volumes.stream()
                .flatMap(volume -> volume.snapshots().stream())
                .map(Snapshot::record)
                .flatMap(record -> record.group().stream())
                .toList();
    }

    @Test
    void allHaveTheSetsNameAndHowLongItTook() {
        stage.driver.atSnapshot((volume, label) -> pause(10));

        RunReport report = stage.runner.takeDue("p");

        assertThat(report.succeeded()).isTrue();
        assertThat(report.volumes())
                .allSatisfy(volume -> assertThat(volume.taken()).isPresent());
        assertThat(groups()).hasSize(3);
        assertThat(groups().stream().distinct()).singleElement().satisfies(group -> {
            assertThat(group.size()).isEqualTo(3);
            assertThat(group.skew().orElseThrow()).isBetween(Duration.ofMillis(30), Duration.ofSeconds(30));
        });
        stage.pass(Duration.ofHours(1));
        stage.runner.takeDue("p");
        assertThat(groups().stream().map(SnapshotGroup::id).distinct()).hasSize(2);
    }

    private static void pause(int millis) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void whereOneFailsNoneIsTaken() {
        stage.driver.atSnapshot((volume, label) -> {
            if (volume.value().equals("c")) {
                throw new StorageException(ErrorCode.NO_SPACE, "full");
            }
        });

        RunReport report = stage.runner.takeDue("p");

        assertThat(volumes).allSatisfy(volume -> assertThat(volume.snapshots()).isEmpty());
        assertThat(report.volumes()).hasSize(3).allSatisfy(volume -> {
            assertThat(volume.taken()).isEmpty();
            assertThat(volume.failures()).singleElement().satisfies(failure -> {
                assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE);
                assertThat(failure.detail()).contains("together", "'c'", "full");
            });
        });
    }

    private static Snapshot member(Volume volume, SnapshotGroup group) {
        return volume.snapshot(
                SnapshotRequest.byPolicy("p", SnapshotLabel.of("member")).in(group));
    }

    @Test
    void whatACrashLeftOfASetGoesBeforeTheNext() {
        SnapshotGroup cut = new SnapshotGroup("cut", 3, Optional.empty());
        member(volumes.get(0), cut);
        member(volumes.get(1), cut);

        stage.runner.takeDue("p");

        assertThat(volumes).allSatisfy(volume -> assertThat(volume.snapshots()).hasSize(1));
        assertThat(groups()).extracting(SnapshotGroup::id).doesNotContain("cut");
    }

    @Test
    void aSetThatOnlyNotAllKnowToBeWholeIsCompleted() {
        SnapshotGroup taken = new SnapshotGroup("taken", 3, Optional.empty());
        SnapshotGroup whole = taken.whole(Duration.ofMillis(3));
        volumes.forEach(volume -> member(volume, taken));
        volumes.getFirst().group(SnapshotLabel.of("member"), whole);

        stage.runner.takeDue("p");

        assertThat(groups().stream().filter(group -> group.id().equals("taken")))
                .containsExactly(whole, whole, whole);
    }

    @Test
    void aSetHasASnapshotOfEveryVolumeSoUnchangedOnesAreNotLeftOut() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> stage.put("q", TOGETHER + ",'onlyIfChanged':true"))
                .withMessageContaining("together")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }
}
