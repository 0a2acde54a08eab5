package io.varve.appliance.schedule;

import io.quarkus.scheduler.Scheduled;
import io.varve.status.DiskWatch;
import jakarta.enterprise.event.Event;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Looks at the disks' counters at an interval, and tells whoever observes {@link Taken}. */
@Singleton
public class DiskLook {
    private final DiskWatch disks;
    private final Event<Taken> taken;

    /** There are new figures. */
    public record Taken() {}

    @Inject
    public DiskLook(DiskWatch disks, Event<Taken> taken) {
        this.disks = disks;
        this.taken = taken;
    }

    @Scheduled(every = "10s", delayed = "1s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void look() {
        disks.look();
        taken.fire(new Taken());
    }
}
