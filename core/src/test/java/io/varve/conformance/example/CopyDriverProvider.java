package io.varve.conformance.example;

import io.varve.linux.Commands;
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

/** Finds out whether copies can be made here, and opens stores of them. */
public final class CopyDriverProvider implements DriverProvider {
    @Override
    public DriverType type() {
        return DriverType.of("copy");
    }

    @Override
    public List<DriverOption> options() {
        return List.of();
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public Availability probe(Path root) {
        return Commands.find("cp")
                .map(found -> Availability.available())
                .orElseGet(() -> Availability.missing("the program cp is not installed; it is in package coreutils"));
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return List.of();
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        return new CopyDriver(layout);
    }
}
