package io.varve.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.retention.RetentionPlan;
import io.varve.retention.Schedule;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** What is foreseen is what comes. */
class ForesightTest {
    private static final String HOURLY =
            PolicyStage.ALL + ",'schedule':{'every':'1h'},'label':'{utc}','keep':{'last':3,'daily':2}";

    @TempDir
    Path temp;

    private PolicyStage stage;
    private Volume volume;
    private Foresight foresight;

    @BeforeEach
    void aDayOfHourlySnapshots() {
        stage = new PolicyStage(temp);
        volume = stage.volume("app");
        stage.put("p", HOURLY);
        for (int i = 0; i < 6; i++) {
            runOnce();
            stage.pass(Duration.ofHours(1));
        }
        foresight = new Foresight(stage.book, stage.runner, stage.runs, ForesightTest::next, stage.clock);
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void runOnce() {
        assertThat(stage.runner.takeDue("p").succeeded()).isTrue();
        assertThat(stage.runner.prune("p").succeeded()).isTrue();
    }

    private static Optional<Instant> next(Schedule schedule, Instant last) {
        return switch (schedule.timing()) {
            case Schedule.Every(var interval) -> Optional.of(interval.after(last, schedule.zone()));
            case Schedule.Cron(String never) -> Optional.empty();
        };
    }

    private static JsonNode document(String fields) {
        try {
            return new JsonMapper().readTree(("{" + fields + "}").replace('\'', '"'));
        } catch (JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    @Test
    void whatIsForeseenIsThere() {
        Instant until = stage.clock.instant().plus(Duration.ofHours(40));
        Forecast.OfVolume forecast =
                foresight.simulate("p", Optional.empty(), until).volumes().getFirst();
        List<String> today = PolicyStage.labels(volume);

        for (int i = 0; i < 40; i++) {
            stage.pass(Duration.ofHours(1));
            runOnce();
        }

        RetentionPlan plan = forecast.outcome().orElseThrow().plan();
        assertThat(plan.keep())
                .extracting(kept -> kept.snapshot().label().value())
                .containsExactlyElementsOf(PolicyStage.labels(volume));
        assertThat(forecast.ended())
                .extracting(gone -> gone.snapshot().label().value())
                .containsExactlyInAnyOrderElementsOf(today.stream()
                        .filter(label -> !PolicyStage.labels(volume).contains(label))
                        .toList());
    }

    @Test
    void anIntervalGoesOnFromTheLastRun() {
        stage.runner.takeDue("p");
        stage.pass(Duration.ofMinutes(50));

        Forecast forecast =
                foresight.simulate("p", Optional.empty(), stage.clock.instant().plus(Duration.ofMinutes(10)));

        assertThat(forecast.volumes().getFirst().outcome().orElseThrow().runs()).isEqualTo(1);
    }

    @Test
    void anEditIsComparedWithWhatThePolicyDoesToday() {
        stage.runner.take("p");
        List<SnapshotLabel> all =
                volume.snapshots().stream().map(each -> each.label()).toList();
        Comparison stricter =
                foresight.compare("p", document(PolicyStage.ALL + ",'keep':{'last':1}"), Optional.empty());
        Comparison laxer = foresight.compare("p", document(PolicyStage.ALL + ",'keep':{'last':9}"), Optional.empty());

        List<SnapshotLabel> today =
                stage.runner.preview("p", Optional.empty()).volumes().getFirst().plan().remove().stream()
                        .map(gone -> gone.snapshot().label())
                        .toList();
        assertThat(today).isNotEmpty();
        assertThat(stricter.changes()).singleElement().satisfies(change -> {
            assertThat(change.removesToo())
                    .isNotEmpty()
                    .doesNotContainAnyElementsOf(today)
                    .doesNotContain(all.getLast());
            assertThat(change.keepsToo()).isEmpty();
        });
        assertThat(laxer.changes()).singleElement().satisfies(change -> {
            assertThat(change.removesToo()).isEmpty();
            assertThat(change.keepsToo()).isEqualTo(today);
        });
        assertThat(volume.snapshots()).hasSize(all.size());
    }

    @Test
    void aPolicyThatIsNotThereYetIsComparedWithNothing() {
        Comparison made = foresight.compare(
                "new", document(PolicyStage.ALL + ",'unmatched':'ignore','keep':{'last':1}"), Optional.empty());

        assertThat(made.changes()).singleElement().satisfies(change -> assertThat(change.removesToo())
                .isEmpty());
        assertThat(stage.book.find("new")).isEmpty();
    }

    @Test
    void whatCannotBeForeseenIsRefused() {
        Instant now = stage.clock.instant();
        stage.put("byHand", PolicyStage.ALL);
        refused(() -> foresight.simulate("p", Optional.empty(), now), "not to come");
        refused(() -> foresight.simulate("byHand", Optional.empty(), now.plusSeconds(1)), "no schedule");
        refused(() -> foresight.simulate("p", Optional.empty(), now.plus(Duration.ofDays(36_500))), "earlier time");
        refused(() -> foresight.compare("p", document(PolicyStage.ALL + ",'kepe':{}"), Optional.empty()), "kepe");
    }

    private static void refused(Runnable call, String why) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(call::run)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_INVALID))
                .withMessageContaining(why);
    }
}
