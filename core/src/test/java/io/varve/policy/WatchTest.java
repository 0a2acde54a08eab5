package io.varve.policy;

import io.varve.retention.Schedule;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

/** Snapshots that should come and do not are noticed. */
class WatchTest {
    private static final String HOURLY = PolicyStage.ALL + ",'schedule':{'every':'1h','jitter':'10m'}";

    @TempDir
    Path temp;

    private PolicyStage stage;
    private Volume volume;
    private Watch watch;

    @BeforeEach
    void open() {
        stage = new PolicyStage(temp);
        volume = stage.volume("app");
        startWatch();
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void startWatch() {
        watch = new Watch(stage.book, WatchTest::next, stage.clock);
        stage.runner.onTaken(watch::note);
    }

    private static Optional<Instant> next(Schedule schedule, Instant last) {
        return switch (schedule.timing()) {
            case Schedule.Every(var interval) -> Optional.of(interval.after(last, schedule.zone()));
            case Schedule.Cron(String never) -> Optional.empty();
        };
    }

    private List<Silence> silent() {
        return watch.of(stage.stores.store(PolicyStage.STORE));
    }

    @Test
    void threeRunsAndTheJitterMayPassWithoutOne() {
        stage.put("p", HOURLY);
        stage.runner.takeDue("p");
        stage.pass(Duration.ofMinutes(190));
        assertThat(silent()).isEmpty();

        stage.pass(Duration.ofSeconds(1));

        assertThat(silent()).singleElement().satisfies(silence -> {
            assertThat(silence.newest()).contains(PolicyStage.START);
            assertThat(silence.expected()).isEqualTo(PolicyStage.START.plus(Duration.ofMinutes(190)));
            assertThat(silence.text()).contains("'p'", "'app'", "since 2026-03-05T12:00:00Z", "2026-03-05T15:10:00Z");
        });
        stage.runner.takeDue("p");
        assertThat(silent()).isEmpty();
    }

    @Test
    void whatFailsOrIsNotThePolicysOwnDoesNotCount() {
        stage.put("p", HOURLY);
        stage.runner.takeDue("p");
        stage.pass(Duration.ofHours(4));
        stage.put("other", PolicyStage.ALL);
        stage.runner.take("other");
        stage.driver.atSnapshot((name, label) -> {
            throw new StorageException(ErrorCode.NO_SPACE, "full");
        });
        stage.runner.takeDue("p");

        assertThat(silent()).extracting(Silence::policy).containsExactly("p");
    }

    @Test
    void aSnapshotWhoseDataIsGoneDoesNotCount() {
        stage.put("p", HOURLY);
        stage.runner.takeDue("p");
        stage.pass(Duration.ofHours(3));
        stage.runner.takeDue("p");
        assertThat(silent()).isEmpty();

        stage.driver.deleteSnapshot(volume.name(), volume.snapshots().getLast().label());
        stage.pass(Duration.ofHours(1));

        assertThat(silent()).hasSize(1);
    }

    @Test
    void aPolicySaysItselfHowOldTheNewestMayBe() {
        stage.put("strict", PolicyStage.ALL + ",'alarmAfter':'30m'");
        stage.put("silent", HOURLY + ",'alarmAfter':'0s'");
        stage.put("byHand", PolicyStage.ALL);
        stage.runner.take("strict");
        stage.runner.take("silent");
        stage.runner.take("byHand");
        stage.pass(Duration.ofDays(400));

        assertThat(silent()).extracting(Silence::policy).containsExactly("strict");
    }

    @Test
    void whatHasNoSnapshotYetHasItsTimeFromWhenItWasSeen() {
        stage.put("p", HOURLY);
        assertThat(silent()).isEmpty();
        stage.pass(Duration.ofHours(4));

        assertThat(silent()).singleElement().satisfies(silence -> assertThat(silence.newest())
                .isEmpty());
    }

    @Test
    void whatIsMadeAnewHasItsTimeAnew() {
        stage.put("p", HOURLY);
        assertThat(silent()).isEmpty();
        stage.pass(Duration.ofHours(4));
        assertThat(silent()).hasSize(1);

        stage.stores.store(PolicyStage.STORE).removeVolume(volume.name());
        volume = stage.volume("app");
        assertThat(silent()).as("a new volume").isEmpty();
        stage.pass(Duration.ofHours(4));
        assertThat(silent()).hasSize(1);
        stage.book.remove("p");
        stage.put("p", HOURLY);
        assertThat(silent()).as("a new policy").isEmpty();
    }

    @Test
    void whatWasFoundUnchangedIsAsGoodAsNew() {
        stage.put("p", HOURLY + ",'onlyIfChanged':true");
        stage.runner.takeDue("p");
        stage.pass(Duration.ofDays(9));
        assertThat(silent()).hasSize(1);

        watch.note(new RunReport(
                "p",
                List.of(new RunReport.OfVolume(
                        volume.store(),
                        volume.name(),
                        Optional.empty(),
                        Optional.of(volume.snapshots().getLast().label()),
                        List.of(),
                        List.of()))));
        assertThat(silent()).isEmpty();

        startWatch();
        assertThat(silent()).as("just started").isEmpty();
        stage.pass(Duration.ofDays(9));
        assertThat(silent()).hasSize(1);
    }
}
