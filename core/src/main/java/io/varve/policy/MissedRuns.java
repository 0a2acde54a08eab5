package io.varve.policy;

import io.varve.retention.Policy;
import io.varve.retention.Schedule;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;

/** Finds the policies that were due while nobody was there to carry them out. To be asked once, when somebody is again. */
public final class MissedRuns {
    private final PolicyBook book;
    private final RunBook runs;
    private final BiFunction<Schedule, Instant, Optional<Instant>> next;

    /** @param next when a schedule is due for the first time after an instant; empty for one that never is again */
    public MissedRuns(PolicyBook book, RunBook runs, BiFunction<Schedule, Instant, Optional<Instant>> next) {
        this.book = book;
        this.runs = runs;
        this.next = next;
    }

    /** The policies that want one run to make up for however many they missed; one that never ran missed none. */
    public List<Policy> find(Clock clock) {
        Instant now = clock.instant();
        return book.all().stream()
                .filter(policy -> policy.schedule()
                        .filter(schedule -> schedule.missed() == Schedule.Missed.ONCE)
                        .flatMap(schedule -> runs.lastRun(policy.name()).flatMap(last -> next.apply(schedule, last)))
                        .filter(due -> due.isBefore(now))
                        .isPresent())
                .toList();
    }
}
