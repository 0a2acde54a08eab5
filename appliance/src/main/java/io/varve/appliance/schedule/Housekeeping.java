package io.varve.appliance.schedule;

import io.quarkus.scheduler.Scheduled;
import io.varve.policy.PolicyRunner;
import io.varve.policy.RunReport;
import io.varve.policy.SpaceWatch;
import io.varve.volume.Stores;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

/** What the appliance does by itself: opens stores that could not be opened or were in trouble, removes undo points that have expired. */
@Singleton
public class Housekeeping {
    private static final Logger LOG = Logger.getLogger(Housekeeping.class);

    private final Stores stores;
    private final PolicyRunner runner;
    private final SpaceWatch space;

    @Inject
    public Housekeeping(Stores stores, PolicyRunner runner, SpaceWatch space) {
        this.stores = stores;
        this.runner = runner;
        this.space = space;
    }

    /** Once a minute: a filesystem may give space back a while after a removal, and only then is it seen to be enough. */
    @Scheduled(every = "60s", delayed = "30s", concurrentExecution = Scheduled.ConcurrentExecution.SKIP)
    void mindSpace() {
        space.look(stores.open());
        for (RunReport report : runner.relieve()) {
            LOG.warnf("space is short: policy %s: %s", report.policy(), report.volumes());
        }
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
