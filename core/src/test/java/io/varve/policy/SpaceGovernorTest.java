package io.varve.policy;

import io.varve.catalog.Tag;
import io.varve.spi.DriverStatus;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.Event;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Where space is short, the oldest snapshots give way one after the other, and it is said when there will be none left. */
class SpaceGovernorTest {
    private static final String SPACE = ",'keep':{'last':100},'space':{'minFreePercent':15,'floor':{'last':1}}";

    @TempDir
    Path temp;

    private PolicyStage stage;
    private Volume one;
    private Volume other;
    private final AtomicLong free = new AtomicLong(0);

    @BeforeEach
    void fourSnapshotsOfEachOfTwoVolumes() {
        stage = new PolicyStage(temp);
        one = stage.volume("one");
        other = stage.volume("other");
        for (int i = 0; i < 4; i++) {
            take(one, "one-" + i);
            take(other, "other-" + i);
        }
        stage.driver.space(() -> new DriverStatus.Space(100, 100 - free.get(), free.get()));
        stage.driver.atRemoval((volume, label) -> free.addAndGet(4));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void take(Volume volume, String label) {
        stage.pass(Duration.ofMinutes(1));
        volume.snapshot(SnapshotRequest.byPolicy("p", SnapshotLabel.of(label)));
    }

    private List<String> removed() {
        return stage.events.stream()
                .filter(event ->
                        event.type().equals("snapshot.prune") && event.failure().isEmpty())
                .map(Event::subject)
                .map(subject -> subject.snapshot().orElseThrow().value())
                .toList();
    }

    @Test
    void theOldestOfAllVolumesGoOneByOneUntilThereIsEnough() {
        stage.put("p", PolicyStage.ALL + SPACE);
        assertThat(stage.runner.relieve()).singleElement().satisfies(report -> assertThat(
                        report.volumes().getFirst().removed())
                .singleElement()
                .satisfies(gone -> assertThat(gone.reason()).isEqualTo("space: 0 % free < 15 %")));
        for (int i = 0; i < 9; i++) {
            stage.runner.relieve();
        }

        assertThat(removed()).containsExactly("one-0", "other-0", "one-1", "other-1");
        assertThat(stage.runner.relieve()).isEmpty();
    }

    @Test
    void neitherTheFloorNorWhatIsProtectedGoesHoweverFullItIs() {
        stage.driver.atRemoval((volume, label) -> {});
        one.tag(SnapshotLabel.of("one-1"), Tag.of("release"));
        other.hold(SnapshotLabel.of("other-0"), "me", "", Optional.empty());
        stage.put("p", PolicyStage.ALL + SPACE);
        for (int i = 0; i < 20; i++) {
            stage.runner.relieve();
        }

        assertThat(PolicyStage.labels(one)).containsExactly("one-1", "one-3");
        assertThat(PolicyStage.labels(other)).containsExactly("other-0", "other-3");
    }

    @Test
    void whatNoRuleKeepsGoesFirst() {
        stage.put("p", PolicyStage.ALL + ",'keep':{'last':2},'space':{'minFreePercent':5,'floor':{'last':2}}");
        stage.runner.relieve();
        stage.runner.relieve();
        stage.runner.relieve();

        assertThat(removed()).containsExactly("one-0", "other-0");
    }

    @Test
    void whatTheBrakeStopsDoesNotGoOneByOneInstead() {
        stage.put("p", PolicyStage.ALL + ",'keep':{'last':1},'space':{'minFreePercent':15,'floor':{'last':1}}");
        stage.runner.relieve();
        stage.runner.relieve();

        assertThat(removed()).isEmpty();
    }

    @Test
    void aPolicyThatDoesNotAskForSpaceAndABrakeThatHoldsRemoveNothing() {
        stage.put("p", PolicyStage.ALL + ",'keep':{'last':1}");
        stage.put("q", PolicyStage.ALL + SPACE + ",'unmatched':'ignore','brake':{'maxRemovePercent':0}");

        assertThat(stage.runner.relieve()).isEmpty();
        assertThat(removed()).isEmpty();
    }

    private SpaceWatch watch() {
        return new SpaceWatch(stage.clock, temp.resolve("space"));
    }

    @Test
    void whatWasSeenBeforeARestartCounts() throws IOException {
        free.set(90);
        for (int i = 0; i < 40; i++) {
            watch().look(stage.stores.open());
            stage.pass(Duration.ofHours(1));
            free.decrementAndGet();
        }
        Path file = history();
        Files.writeString(file, "17649\nnot a look\n", StandardOpenOption.APPEND);

        SpaceWatch after = watch();
        after.look(stage.stores.open());

        assertThat(after.of(stage.stores.store(PolicyStage.STORE)).orElseThrow().daysToFull())
                .hasValueSatisfying(days -> assertThat(days).hasToString("2.1 days (2.1 to 2.1 days)"));
        assertThat(file).content().doesNotContain("not a look");
    }

    @Test
    void whatWasSeenLongAgoIsForgottenAndTheFileStaysShort() throws IOException {
        SpaceWatch watch = watch();
        for (int i = 0; i < 10_000; i++) {
            watch.look(stage.stores.open());
            stage.pass(Duration.ofMinutes(5));
        }
        assertThat(history()).isNotEmptyFile().satisfies(file -> assertThat(Files.size(file))
                .isLessThan(160 * 1024));
        stage.pass(Duration.ofDays(6));

        watch().look(stage.stores.open());

        assertThat(history()).content().hasLineCount(1);
    }

    @Test
    void spaceIsWatchedWhereNothingCanBeWritten() throws IOException {
        Files.writeString(temp.resolve("space"), "in the way");
        SpaceWatch watch = watch();

        watch.look(stage.stores.open());

        assertThat(watch.of(stage.stores.store(PolicyStage.STORE))).isPresent();
    }

    private Path history() throws IOException {
        try (Stream<Path> files = Files.list(temp.resolve("space"))) {
            return files.findFirst().orElseThrow();
        }
    }

    @Test
    void itIsForeseenWhenThereWillBeNoneLeft() {
        SpaceWatch watch = watch();
        free.set(90);
        for (int i = 0; i < 40; i++) {
            watch.look(stage.stores.open());
            stage.pass(Duration.ofHours(1));
            free.decrementAndGet();
        }

        SpaceWatch.Outlook outlook =
                watch.of(stage.stores.store(PolicyStage.STORE)).orElseThrow();

        assertThat(outlook.freePercent()).isEqualTo(50);
        assertThat(outlook.daysToFull().orElseThrow()).hasToString("2.1 days (2.1 to 2.1 days)");
        assertThat(outlook.warning()).contains("full in 2.1 days (2.1 to 2.1 days)");
        assertThat(outlook.isRed()).isFalse();
        free.set(1);
        assertThat(watch.of(stage.stores.store(PolicyStage.STORE)).orElseThrow().isRed())
                .isTrue();
    }
}
