package io.varve.appliance.metrics;

import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import io.quarkus.runtime.Startup;
import io.varve.appliance.EventLog;
import io.varve.volume.Event;
import io.varve.volume.Operation;
import io.varve.volume.Operations;
import jakarta.annotation.PostConstruct;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.time.Duration;

/** How long operations took and how they ended. */
@Startup
@Singleton
public class OperationMeters {
    private static final Duration[] BUCKETS = {
        Duration.ofMillis(5), Duration.ofMillis(10), Duration.ofMillis(25), Duration.ofMillis(100),
        Duration.ofMillis(500), Duration.ofSeconds(2), Duration.ofSeconds(10), Duration.ofMinutes(1),
        Duration.ofMinutes(10), Duration.ofHours(1)
    };

    private final MeterRegistry registry;
    private final EventLog events;
    private final Operations operations;

    @Inject
    public OperationMeters(MeterRegistry registry, EventLog events, Operations operations) {
        this.registry = registry;
        this.events = events;
        this.operations = operations;
    }

    @PostConstruct
    void begin() {
        events.onEvent(this::count);
        Gauge.builder("varve.operations.running", operations, OperationMeters::running)
                .description("Operations under way")
                .register(registry);
    }

    private static long running(Operations operations) {
        return operations.list().stream()
                .filter(operation -> operation.outcome().state() == Operation.State.RUNNING)
                .count();
    }

    private void count(Event event) {
        Timer.builder("varve.operation")
                .description("Operations that ended, by how: OK, or the code of the failure")
                .tag("type", event.type())
                .tag("outcome", event.failure().map(Enum::name).orElse("OK"))
                .serviceLevelObjectives(BUCKETS)
                .register(registry)
                .record(event.took().isNegative() ? Duration.ZERO : event.took());
    }
}
