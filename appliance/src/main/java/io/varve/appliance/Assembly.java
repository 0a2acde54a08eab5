package io.varve.appliance;

import io.quarkus.runtime.ShutdownEvent;
import io.quarkus.runtime.Startup;
import io.varve.access.AuditLog;
import io.varve.access.Guesses;
import io.varve.access.TokenBook;
import io.varve.appliance.config.Settings;
import io.varve.appliance.schedule.Due;
import io.varve.policy.Foresight;
import io.varve.policy.PolicyBook;
import io.varve.policy.PolicyRunner;
import io.varve.policy.PolicyUndoLifetime;
import io.varve.policy.RunBook;
import io.varve.policy.SpaceWatch;
import io.varve.policy.Watch;
import io.varve.registry.DriverEntry;
import io.varve.registry.DriverLoader;
import io.varve.registry.DriverRegistry;
import io.varve.retention.PolicyCodec;
import io.varve.share.ExportBook;
import io.varve.share.Exports;
import io.varve.share.NfsServer;
import io.varve.spi.StorageException;
import io.varve.status.DiskStatistics;
import io.varve.status.DiskWatch;
import io.varve.volume.Operations;
import io.varve.volume.StoreBook;
import io.varve.volume.StoreEntry;
import io.varve.volume.Stores;
import io.varve.volume.Surroundings;
import io.varve.volume.UndoLifetime;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import jakarta.enterprise.inject.Produces;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

import java.nio.file.Path;
import java.time.Clock;
import java.util.List;

/** Puts the house together at boot and takes it apart at the end. */
@ApplicationScoped
public class Assembly {
    private static final Logger LOG = Logger.getLogger(Assembly.class);
    private static final Path EXPORTS = Path.of("/etc/exports.d");
    private static final long AUDIT_BYTES = 16L << 20;

    @Produces
    @Singleton
    Clock clock() {
        return Clock.systemUTC();
    }

    @Produces
    @Singleton
    DriverRegistry drivers(Settings settings) {
        DriverRegistry registry = new DriverRegistry();
        DriverLoader loader = new DriverLoader(registry, DriverLoader.processLoadsClasses());
        loader.loadBuiltIn(Thread.currentThread().getContextClassLoader());
        settings.driverDirectories().forEach(loader::loadJars);
        registry.entries().forEach(Assembly::tell);
        return registry;
    }

    private static void tell(DriverEntry entry) {
        if (entry instanceof DriverEntry.Broken broken) {
            LOG.warnf("driver %s cannot be used: %s", broken.name(), broken.reason());
        }
    }

    @Produces
    @Singleton
    Operations operations(Clock clock, EventLog events) {
        return new Operations(clock, events::add);
    }

    @Produces
    @Singleton
    @Startup
    Stores stores(Settings settings, DriverRegistry drivers, Clock clock, Operations operations, PolicyBook policies) {
        StoreBook book = new StoreBook(settings.stateDirectory().resolve("stores"));
        UndoLifetime undoFor = new PolicyUndoLifetime(policies);
        Stores stores = new Stores(drivers, Surroundings.standard(clock, operations, undoFor), book);
        stores.openAll(settings.stores(), damaged -> LOG.errorf("store definition passed over: %s", damaged));
        stores.entries().forEach(Assembly::tell);
        return stores;
    }

    @Produces
    @Singleton
    @Startup
    Exports exports(Settings settings, Stores stores, EventLog events) {
        ExportBook book = new ExportBook(settings.stateDirectory().resolve("exports"));
        Exports exports = new Exports(stores, book, new NfsServer(EXPORTS, List.of()));
        exports.begin(damaged -> LOG.errorf("export passed over: %s", damaged));
        stores.onChange(exports::follow);
        events.onEvent(exports::note);
        return exports;
    }

    @Produces
    @Singleton
    PolicyBook policies(Settings settings, RunBook runs) {
        PolicyCodec codec = new PolicyCodec(Due::fault, settings.policyDefaults());
        PolicyBook book = new PolicyBook(settings.stateDirectory().resolve("policies"), codec, runs);
        book.load(settings.policies(), damaged -> LOG.errorf("policy passed over: %s", damaged));
        return book;
    }

    @Produces
    @Singleton
    PolicyRunner policyRunner(Stores stores, PolicyBook policies, RunBook runs, Clock clock) {
        return new PolicyRunner(stores, policies, runs, clock);
    }

    @Produces
    @Singleton
    Foresight foresight(PolicyBook policies, PolicyRunner runner, RunBook runs, Clock clock) {
        return new Foresight(policies, runner, runs, Due::next, clock);
    }

    @Produces
    @Singleton
    SpaceWatch spaceWatch(Settings settings, Clock clock) {
        return new SpaceWatch(clock, settings.stateDirectory().resolve("space"));
    }

    @Produces
    @Singleton
    Watch watch(PolicyBook policies, PolicyRunner runner, Clock clock) {
        Watch watch = new Watch(policies, Due::next, clock);
        runner.onTaken(watch::note);
        return watch;
    }

    @Produces
    @Singleton
    RunBook runBook(Settings settings) {
        return new RunBook(settings.stateDirectory().resolve("policies"));
    }

    @Produces
    @Singleton
    TokenBook tokens(Settings settings, Clock clock) {
        TokenBook tokens = new TokenBook(settings.stateDirectory().resolve("tokens"), clock);
        tokens.load(damaged -> LOG.errorf("token passed over: %s", damaged));
        return tokens;
    }

    @Produces
    @Singleton
    AuditLog audit(Settings settings, Clock clock) {
        return new AuditLog(settings.stateDirectory(), AUDIT_BYTES, clock);
    }

    @Produces
    @Singleton
    Guesses guesses(Clock clock) {
        return new Guesses(clock);
    }

    @Produces
    @Singleton
    DiskWatch disks(Clock clock) {
        DiskWatch disks = new DiskWatch(DiskStatistics::read, clock);
        disks.look();
        return disks;
    }

    private static void tell(StoreEntry entry) {
        switch (entry) {
            case StoreEntry.Opened opened ->
                LOG.infof(
                        "store %s: %s at %s, %d volumes",
                        opened.definition().name(),
                        opened.store().type(),
                        opened.definition().root(),
                        opened.store().volumes().size());
            case StoreEntry.Closed closed ->
                LOG.errorf(
                        "store %s stays closed: %s",
                        closed.definition().name(), closed.reason().getMessage());
        }
    }

    void end(@Observes ShutdownEvent event, Operations operations, Stores stores) {
        operations.cancelAll();
        try {
            stores.close();
        } catch (StorageException failure) {
            LOG.error(failure.getMessage());
        }
    }
}
