package io.varve.policy;

import io.varve.retention.Policy;
import io.varve.retention.Schedule;
import io.varve.retention.Span;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.Store;
import io.varve.volume.StoreName;
import io.varve.volume.Volume;

import java.time.Clock;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiFunction;

/**
 * Notices where snapshots that should come do not. A policy says how old the newest may be ({@code alarmAfter}); where it
 * does not, {@value #RUNS} runs of its schedule may pass without one. Thread-safe.
 */
public final class Watch {
    /** One run may be late and one may find a volume busy; the third that brings nothing is no accident. */
    static final int RUNS = 3;

    private final PolicyBook book;
    private final BiFunction<Schedule, Instant, Optional<Instant>> next;
    private final Clock clock;
    private final Instant started;
    private final Map<Subject, Instant> unchanged = new ConcurrentHashMap<>();
    private final Map<Subject, Instant> firstSeen = new ConcurrentHashMap<>();

    private record Subject(String policy, StoreName store, VolumeName volume) {}

    /** @param next when a schedule is due for the first time after an instant; empty for one that never is again */
    public Watch(PolicyBook book, BiFunction<Schedule, Instant, Optional<Instant>> next, Clock clock) {
        this.book = book;
        this.next = next;
        this.clock = clock;
        this.started = clock.instant();
        book.onChange(this::forgetRemoved);
    }

    /** A policy of the same name that comes later is another one. */
    private void forgetRemoved() {
        firstSeen.keySet().removeIf(subject -> book.find(subject.policy()).isEmpty());
        unchanged.keySet().removeIf(subject -> book.find(subject.policy()).isEmpty());
    }

    /** Takes note of what a run found unchanged: the newest snapshot is as good as a new one. */
    public void note(RunReport report) {
        Instant now = clock.instant();
        report.volumes().stream()
                .filter(volume -> volume.unchanged().isPresent())
                .forEach(volume -> unchanged.put(new Subject(report.policy(), volume.store(), volume.volume()), now));
    }

    /** The silent volumes of an open store; looks at the newest snapshots alone. */
    public List<Silence> of(Store store) {
        return book.all().stream().flatMap(policy -> of(policy, store).stream()).toList();
    }

    /** Those of them that one policy governs. */
    public List<Silence> of(Policy policy, Store store) {
        return store.volumes().stream()
                .filter(volume -> policy.match()
                        .governs(store.name().value(), volume.name().value()))
                .flatMap(volume -> of(policy, volume).stream())
                .toList();
    }

    private Optional<Silence> of(Policy policy, Volume volume) {
        try {
            Optional<Instant> newest = volume.newestOf(policy.name())
                    .map(snapshot -> snapshot.record().created());
            return expected(policy, lastGood(policy, volume, newest))
                    .filter(latest -> latest.isBefore(clock.instant()))
                    .map(latest -> new Silence(policy.name(), volume.store(), volume.name(), newest, latest));
        } catch (StorageException removedOrUnreadable) {
            // The store tells of its own troubles.
            return Optional.empty();
        }
    }

    /** Of what has no snapshot yet, the time when that was first seen. */
    private Instant lastGood(Policy policy, Volume volume, Optional<Instant> newest) {
        Subject subject = new Subject(policy.name(), volume.store(), volume.name());
        Instant taken = newest.orElseGet(() -> later(
                firstSeen.computeIfAbsent(subject, absent -> clock.instant()),
                volume.record().created()));
        return policy.onlyIfChanged() ? later(taken, unchanged.getOrDefault(subject, started)) : taken;
    }

    private static Instant later(Instant one, Instant other) {
        return one.isAfter(other) ? one : other;
    }

    private Optional<Instant> expected(Policy policy, Instant last) {
        Optional<Span> allowed = policy.alarmAfter();
        if (allowed.isPresent()) {
            return allowed.filter(span -> !span.isZero()).map(span -> span.after(last, policy.zone()));
        }
        return policy.schedule().flatMap(schedule -> afterRuns(schedule, last));
    }

    private Optional<Instant> afterRuns(Schedule schedule, Instant last) {
        Optional<Instant> due = Optional.of(last);
        for (int i = 0; i < RUNS; i++) {
            due = due.flatMap(time -> next.apply(schedule, time));
        }
        return due.map(time -> schedule.jitter().after(time, schedule.zone()));
    }
}
