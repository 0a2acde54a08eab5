package io.varve.conformance;

import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.StoreLayout;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** A provider as it is, whose drivers can be made to fail. */
final class FaultyProvider implements DriverProvider {
    private final DriverProvider real;
    private final Faults faults;

    FaultyProvider(DriverProvider real, Faults faults) {
        this.real = real;
        this.faults = faults;
    }

    @Override
    public DriverType type() {
        return real.type();
    }

    @Override
    public List<DriverOption> options() {
        return real.options();
    }

    @Override
    public Set<Capability> capabilities() {
        return real.capabilities();
    }

    @Override
    public Availability probe(Path root) {
        return real.probe(root);
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return real.problems(options);
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        return new FaultyDriver(real.open(layout, options), faults);
    }
}
