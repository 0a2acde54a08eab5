package io.varve.appliance.metrics;

import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;

import java.util.ArrayList;
import java.util.List;

/** A gauge of many labelled figures, all replaced at once. */
final class Family {
    private final MultiGauge gauge;
    private final List<MultiGauge.Row<?>> rows = new ArrayList<>();

    Family(MeterRegistry registry, String name, String description) {
        this.gauge = MultiGauge.builder(name).description(description).register(registry);
    }

    /** @param labels names and values in turn */
    void add(Number figure, String... labels) {
        rows.add(MultiGauge.Row.of(Tags.of(labels), figure));
    }

    /** Shows what was added since the last time, and nothing else. */
    void publish() {
        gauge.register(List.copyOf(rows), true);
        rows.clear();
    }
}
