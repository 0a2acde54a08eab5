package io.varve.appliance.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.varve.policy.PolicyBook;
import io.varve.policy.PolicyRunner;
import io.varve.policy.RunBook;
import io.varve.retention.Policy;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** When policies last ran and how old their newest snapshots are: their silence is what nobody would notice otherwise. */
@Singleton
public class PolicyMeters {
    private final PolicyBook book;
    private final PolicyRunner runner;
    private final RunBook runs;
    private final Family lastRun;
    private final Family newest;
    private final Family governed;

    @Inject
    public PolicyMeters(PolicyBook book, PolicyRunner runner, RunBook runs, MeterRegistry registry) {
        this.book = book;
        this.runner = runner;
        this.runs = runs;
        this.lastRun = new Family(
                registry,
                "varve.policy.last.run.timestamp.seconds",
                "When the policy's time last came, since the epoch");
        this.newest = new Family(
                registry,
                "varve.policy.newest.snapshot.timestamp.seconds",
                "When the policy's newest good snapshot of a volume was taken, since the epoch; 0 where there is none");
        this.governed = new Family(registry, "varve.policy.volumes", "Volumes the policy governs");
    }

    @Scheduled(every = "10s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        book.all().forEach(this::look);
        List.of(lastRun, newest, governed).forEach(Family::publish);
    }

    private void look(Policy policy) {
        String name = policy.name();
        runs.lastRun(name).ifPresent(time -> lastRun.add(time.getEpochSecond(), "policy", name));
        List<Volume> volumes = runner.governed(policy);
        governed.add(volumes.size(), "policy", name);
        for (Volume volume : volumes) {
            long time = newest(volume, name).map(Instant::getEpochSecond).orElse(0L);
            newest.add(
                    time,
                    "policy",
                    name,
                    "store",
                    volume.store().value(),
                    "volume",
                    volume.name().value());
        }
    }

    private static Optional<Instant> newest(Volume volume, String policy) {
        return volume.snapshots().stream()
                .filter(Snapshot::valid)
                .filter(snapshot -> snapshot.record().policy().equals(Optional.of(policy)))
                .map(snapshot -> snapshot.record().created())
                .max(Comparator.naturalOrder());
    }
}
