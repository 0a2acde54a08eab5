package io.varve.appliance.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.varve.policy.PolicyBook;
import io.varve.policy.PolicyRunner;
import io.varve.policy.RunBook;
import io.varve.policy.Watch;
import io.varve.retention.Policy;
import io.varve.volume.Stores;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** When policies last ran and how old their newest snapshots are: their silence is what nobody would notice otherwise. */
@Singleton
public class PolicyMeters {
    private final PolicyBook book;
    private final PolicyRunner runner;
    private final RunBook runs;
    private final Stores stores;
    private final Watch watch;
    private final Family lastRun;
    private final Family newest;
    private final Family governed;
    private final Family silent;

    @Inject
    public PolicyMeters(
            PolicyBook book, PolicyRunner runner, RunBook runs, Stores stores, Watch watch, MeterRegistry registry) {
        this.stores = stores;
        this.watch = watch;
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
        this.silent = new Family(
                registry,
                "varve.policy.silent.volumes",
                "Volumes whose newest snapshot by the policy is older than it may be");
    }

    @Scheduled(every = "10s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        book.all().forEach(this::look);
        List.of(lastRun, newest, governed, silent).forEach(Family::publish);
    }

    private void look(Policy policy) {
        String name = policy.name();
        runs.lastRun(name).ifPresent(time -> lastRun.add(time.getEpochSecond(), "policy", name));
        int silences = stores.open().stream()
                .mapToInt(store -> watch.of(policy, store).size())
                .sum();
        silent.add(silences, "policy", name);
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
        return volume.newestOf(policy).map(snapshot -> snapshot.record().created());
    }
}
