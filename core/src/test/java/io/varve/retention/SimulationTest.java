package io.varve.retention;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static io.varve.retention.Given.UTC;
import static io.varve.retention.Given.held;
import static io.varve.retention.Given.made;
import static io.varve.retention.Given.manual;
import static io.varve.retention.Given.policy;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class SimulationTest {
    private static final Instant NOW = Instant.parse("2024-05-06T12:00:00Z");
    private static final Policy RULES = policy("keep: {last: 2, daily: 3}, label: '{utc}'");

    private static List<Instant> every(Duration interval, int times) {
        return IntStream.rangeClosed(1, times)
                .mapToObj(i -> NOW.plus(interval.multipliedBy(i)))
                .toList();
    }

    private static List<String> labels(Stream<Candidate> snapshots) {
        return snapshots.map(each -> each.label().value()).toList();
    }

    @Test
    void eachOfTodaysSnapshotsIsToldItsEnd() {
        List<Candidate> today = List.of(made("2024-05-05T12:00"), made("2024-05-06T11:00"), made("2024-05-06T12:00"));

        Simulation.Outcome outcome =
                Simulation.run(today, RULES, every(Duration.ofDays(1), 4), NOW.plus(Duration.ofDays(4)), UTC);

        assertThat(outcome.ended().subList(0, 3))
                .extracting(gone -> gone.snapshot().label().value() + " " + gone.time())
                .containsExactly(
                        "2024-05-06T11:00 2024-05-07T12:00:00Z",
                        "2024-05-05T12:00 2024-05-08T12:00:00Z",
                        "2024-05-06T12:00 2024-05-09T12:00:00Z");
        assertThat(labels(outcome.plan().keep().stream().map(RetentionPlan.Kept::snapshot)))
                .containsExactly("20240508_120000.000", "20240509_120000.000", "20240510_120000.000");
        assertThat(outcome.runs()).isEqualTo(4);
    }

    @Test
    void itIsWhatRunsOneByOneWouldDo() {
        List<Candidate> there = new ArrayList<>(
                List.of(made("2024-05-01T12:00"), held(made("2024-05-02T12:00"), "me"), manual("2024-05-03T12:00")));
        List<Instant> runs = every(Duration.ofHours(7), 200);
        Instant until = runs.getLast().plusSeconds(1);
        Simulation.Outcome outcome = Simulation.run(List.copyOf(there), RULES, runs, until, UTC);

        for (Instant run : runs) {
            there.add(Candidate.ofPolicy(RULES.name(), RULES.label().render(RULES.name(), run), run));
            Retention.plan(there, RULES, run, UTC).remove().forEach(gone -> there.remove(gone.snapshot()));
        }

        assertThat(outcome.plan()).isEqualTo(Retention.plan(there, RULES, until, UTC));
        assertThat(outcome.ended()).hasSize(203 - there.size());
    }

    @Test
    void aRunThatTheBrakeStopsRemovesNothing() {
        List<Candidate> today = IntStream.range(0, 24)
                .mapToObj(hour -> made("2024-05-05T%02d:00".formatted(hour)))
                .toList();

        Simulation.Outcome outcome =
                Simulation.run(today, RULES, every(Duration.ofDays(1), 1), NOW.plus(Duration.ofDays(1)), UTC);

        assertThat(outcome.braked()).isEqualTo(1);
        assertThat(outcome.ended()).isEmpty();
        assertThat(outcome.plan().keep().size() + outcome.plan().remove().size())
                .isEqualTo(25);
    }

    @Test
    void whatIsTooMuchToReckonIsRefused() {
        Policy everything = policy("keep: {last: -1}, label: '{utc}'");

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() ->
                        Simulation.run(List.of(), everything, every(Duration.ofSeconds(1), 100_000), Given.LATER, UTC))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_INVALID))
                .withMessageContaining("earlier time");
    }
}
