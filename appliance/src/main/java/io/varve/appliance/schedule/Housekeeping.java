package io.varve.appliance.schedule;

import io.quarkus.scheduler.Scheduled;
import io.varve.policy.PolicyRunner;
import io.varve.volume.Stores;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** What the appliance does by itself: opens stores that could not be opened or were in trouble, removes undo points that have expired. */
@Singleton
public class Housekeeping {
    private final Stores stores;
    private final PolicyRunner runner;

    @Inject
    public Housekeeping(Stores stores, PolicyRunner runner) {
        this.stores = stores;
        this.runner = runner;
    }

    @Scheduled(every = "10s", delayed = "10s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void bringStoresBack() {
        stores.retryClosed();
        stores.reopenTroubled();
    }

    @Scheduled(every = "60s", delayed = "20s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void removeExpiredUndoPoints() {
        runner.removeExpiredUndoPoints();
    }
}
