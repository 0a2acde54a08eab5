package io.varve.policy;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.retention.Candidate;
import io.varve.retention.Policy;
import io.varve.retention.Schedule;
import io.varve.retention.Simulation;
import io.varve.retention.Span;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;

import java.time.Clock;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Says what policies will do, and what a change of one would do, before anything is done. Thread-safe. */
public final class Foresight {
    /** An hourly policy for eleven years. */
    static final int MOST_RUNS = 100_000;

    private final PolicyBook book;
    private final PolicyRunner runner;
    private final BiFunction<Schedule, Instant, Optional<Instant>> next;
    private final Function<String, Optional<Instant>> lastRun;
    private final Clock clock;

    /** @param next when a schedule is due for the first time after an instant; empty for one that never is again */
    public Foresight(
            PolicyBook book,
            PolicyRunner runner,
            RunBook runs,
            BiFunction<Schedule, Instant, Optional<Instant>> next,
            Clock clock) {
        this.book = book;
        this.runner = runner;
        this.lastRun = runs::lastRun;
        this.next = next;
        this.clock = clock;
    }

    /**
     * What pruning would do if the policy were another one, beside what it does today. A policy that there is not yet
     * removes nothing today.
     *
     * @throws StorageException {@code REQUEST_INVALID}, with all faults of the document
     */
    public Comparison compare(String name, JsonNode document, Optional<Instant> at) {
        Policy edited = book.codec().read(name, document);
        Instant now = at.orElseGet(clock::instant);
        Optional<Preview> today = book.find(name).map(policy -> runner.preview(policy, now));
        return Comparison.of(runner.preview(edited, now), today);
    }

    /**
     * What will be there when the policy, or what it would be, has run by its schedule until then; what is due at that very
     * instant included.
     *
     * @param document what the policy would be; empty for what it is
     * @throws StorageException {@code REQUEST_INVALID} for a time that is not to come or too far, and a policy that has no
     *     schedule or faults; {@code POLICY_NOT_FOUND}
     */
    public Forecast simulate(String name, Optional<JsonNode> document, Instant until) {
        Policy policy = document.map(edited -> book.codec().read(name, edited)).orElseGet(() -> book.require(name));
        Instant now = clock.instant();
        List<Instant> runs = runs(policy, now, until);
        return new Forecast(
                policy,
                now,
                until,
                runner.governed(policy).stream()
                        .map(volume -> simulate(policy, volume, runs, now, until))
                        .toList());
    }

    private static Forecast.OfVolume simulate(
            Policy policy, Volume volume, List<Instant> runs, Instant now, Instant until) {
        try {
            List<Candidate> today = Candidates.of(volume, now);
            Simulation.Outcome outcome = Simulation.run(today, policy, runs, until, policy.zone());
            return new Forecast.OfVolume(
                    volume.store(),
                    volume.name(),
                    today.stream().map(each -> each.label().value()).collect(Collectors.toSet()),
                    Optional.of(outcome),
                    Optional.empty());
        } catch (StorageException failure) {
            return new Forecast.OfVolume(
                    volume.store(),
                    volume.name(),
                    Set.of(),
                    Optional.empty(),
                    Optional.of(RunReport.Failure.of("simulate", failure)));
        }
    }

    private List<Instant> runs(Policy policy, Instant now, Instant until) {
        if (!until.isAfter(now)) {
            throw invalid("'" + until + "' is not to come");
        }
        Schedule schedule = policy.schedule()
                .orElseThrow(
                        () -> invalid("policy '" + policy.name() + "' has no schedule, so nothing can be foreseen"));
        List<Instant> runs = new ArrayList<>();
        Optional<Instant> due = next.apply(schedule, rhythm(policy, schedule, now));
        while (due.filter(time -> !time.isAfter(until)).isPresent()) {
            if (runs.size() == MOST_RUNS) {
                throw invalid(
                        "until '" + until + "' there are more than " + MOST_RUNS + " runs; ask for an earlier time");
            }
            runs.add(due.get());
            due = next.apply(schedule, due.get());
        }
        return runs;
    }

    /** An interval goes on from the last run, where that is not long ago; an expression is due by the calendar. */
    private Instant rhythm(Policy policy, Schedule schedule, Instant now) {
        Instant last =
                lastRun.apply(policy.name()).filter(time -> !time.isAfter(now)).orElse(now);
        return switch (schedule.timing()) {
            case Schedule.Cron(String expression) -> now;
            case Schedule.Every(Span interval) ->
                interval.after(last, schedule.zone()).isAfter(now) ? last : now;
        };
    }

    private static StorageException invalid(String reason) {
        return new StorageException(ErrorCode.REQUEST_INVALID, reason);
    }
}
