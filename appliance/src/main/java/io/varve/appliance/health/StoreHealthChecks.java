package io.varve.appliance.health;

import io.quarkus.runtime.Startup;
import io.smallrye.health.api.HealthRegistry;
import io.varve.spi.StorageException;
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
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One readiness check a store, kept in step with the stores there are. */
@Startup
@Singleton
public class StoreHealthChecks {
    private final Stores stores;
    private final HealthRegistry registry;
    private final Set<StoreName> registered = new HashSet<>();

    @Inject
    public StoreHealthChecks(Stores stores, @Readiness HealthRegistry registry) {
        this.stores = stores;
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
        Optional<String> problem = problem(name);
        HealthCheckResponseBuilder response = HealthCheckResponse.named(id(name));
        problem.ifPresent(reason -> response.withData("reason", reason));
        return response.status(problem.isEmpty()).build();
    }

    private Optional<String> problem(StoreName name) {
        try {
            StoreEntry entry = stores.entry(name);
            return entry.problem();
        } catch (StorageException removed) {
            return Optional.empty();
        }
    }

    private static String id(StoreName name) {
        return "store:" + name;
    }
}
