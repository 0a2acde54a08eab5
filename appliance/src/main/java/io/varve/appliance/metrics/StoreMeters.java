package io.varve.appliance.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.quarkus.scheduler.Scheduled;
import io.varve.spi.DriverStatus;
import io.varve.spi.Usage;
import io.varve.status.DiskFigures;
import io.varve.status.DiskWatch;
import io.varve.volume.Store;
import io.varve.volume.StoreEntry;
import io.varve.volume.Stores;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.util.List;

/** How stores are, looked at every ten seconds; a scrape asks no filesystem. */
@Singleton
public class StoreMeters {
    private final Stores stores;
    private final DiskWatch disks;
    private final Family up;
    private final Family total;
    private final Family used;
    private final Family available;
    private final Family volumes;
    private final Family snapshots;
    private final Family usage;

    @Inject
    public StoreMeters(Stores stores, DiskWatch disks, MeterRegistry registry) {
        this.stores = stores;
        this.disks = disks;
        this.up = new Family(registry, "varve.store.up", "1 where the store can be worked with, else 0");
        this.total = new Family(registry, "varve.store.total.bytes", "Bytes of the filesystem or pool below the store");
        this.used = new Family(registry, "varve.store.used.bytes", "Bytes used there");
        this.available = new Family(registry, "varve.store.available.bytes", "Bytes that can still be written there");
        this.volumes = new Family(registry, "varve.store.volumes", "Volumes of the store");
        this.snapshots = new Family(registry, "varve.store.snapshots", "Snapshots of all its volumes");
        this.usage = new Family(registry, "varve.store.usage", "The figures of the store's status that have a name");
    }

    @Scheduled(every = "10s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        for (StoreEntry entry : stores.entries()) {
            boolean good = entry.problem().isEmpty();
            up.add(good ? 1 : 0, "store", entry.definition().name().value());
            if (good && entry instanceof StoreEntry.Opened opened) {
                look(opened.store());
            }
        }
        List.of(up, total, used, available, volumes, snapshots, usage).forEach(Family::publish);
    }

    private void look(Store store) {
        String name = store.name().value();
        List<Volume> all = store.volumes();
        volumes.add(all.size(), "store", name);
        snapshots.add(all.stream().mapToLong(Volume::snapshotCount).sum(), "store", name);
        DriverStatus status = DiskFigures.with(store.status(), disks.report());
        total.add(status.space().total(), "store", name);
        used.add(status.space().used(), "store", name);
        available.add(status.space().available(), "store", name);
        status.usage().forEach(each -> each.metricName()
                .ifPresent(metric -> usage.add(figure(each), "store", name, "metric", metric)));
    }

    private static Number figure(Usage usage) {
        return switch (usage) {
            case Usage.Whole whole -> whole.value();
            case Usage.Real real -> real.value();
        };
    }
}
