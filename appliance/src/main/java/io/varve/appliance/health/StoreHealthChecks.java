package io.varve.appliance.health;

import io.quarkus.runtime.Startup;
import io.smallrye.health.api.HealthRegistry;
import io.varve.policy.Silence;
import io.varve.policy.SpaceWatch;
import io.varve.policy.Watch;
import io.varve.spi.StorageException;
import io.varve.volume.Store;
import io.varve.volume.StoreEntry;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.eclipse.microprofile.health.HealthCheckResponse;
import org.eclipse.microprofile.health.HealthCheckResponseBuilder;
import org.eclipse.microprofile.health.Readiness;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One readiness check a store, kept in step with the stores there are. */
@Startup
@Singleton
public class StoreHealthChecks {
    private static final int NAMED = 3;

    private final Stores stores;
    private final Watch watch;
    private final SpaceWatch space;
    private final HealthRegistry registry;
    private final Set<StoreName> registered = new HashSet<>();

    @Inject
    public StoreHealthChecks(Stores stores, Watch watch, SpaceWatch space, @Readiness HealthRegistry registry) {
        this.stores = stores;
        this.watch = watch;
        this.space = space;
        this.registry = registry;
    }

    @PostConstruct
    void begin() {
        stores.onChange(this::follow);
        follow();
    }

    private synchronized void follow() {
        Set<StoreName> there = stores.entries().stream()
                .map(entry -> entry.definition().name())
                .collect(Collectors.toSet());
        registered.stream().filter(name -> !there.contains(name)).forEach(name -> registry.remove(id(name)));
        there.stream()
                .filter(name -> !registered.contains(name))
                .forEach(name -> registry.register(id(name), () -> check(name)));
        registered.clear();
        registered.addAll(there);
    }

    private HealthCheckResponse check(StoreName name) {
        HealthCheckResponseBuilder response = HealthCheckResponse.named(id(name));
        Optional<String> problem = problem(name, response);
        problem.ifPresent(reason -> response.withData("reason", reason));
        return response.status(problem.isEmpty()).build();
    }

    private Optional<String> problem(StoreName name, HealthCheckResponseBuilder response) {
        try {
            StoreEntry entry = stores.entry(name);
            return entry.problem().or(() -> switch (entry) {
                case StoreEntry.Opened opened -> problem(opened.store(), response);
                case StoreEntry.Closed closed -> Optional.empty();
            });
        } catch (StorageException removed) {
            return Optional.empty();
        }
    }

    private Optional<String> problem(Store store, HealthCheckResponseBuilder response) {
        Optional<SpaceWatch.Outlook> outlook = space.of(store);
        outlook.flatMap(SpaceWatch.Outlook::warning).ifPresent(warning -> response.withData("warning", warning));
        return outlook.filter(SpaceWatch.Outlook::isRed)
                .map(red -> "the store is all but full: remove snapshots, or give it more space")
                .or(() -> silence(watch.of(store)));
    }

    private static Optional<String> silence(List<Silence> silent) {
        String named = silent.stream().limit(NAMED).map(Silence::text).collect(Collectors.joining("; "));
        String more = silent.size() > NAMED ? "; and " + (silent.size() - NAMED) + " more" : "";
        return silent.isEmpty() ? Optional.empty() : Optional.of(named + more);
    }

    private static String id(StoreName name) {
        return "store:" + name;
    }
}
