package io.varve.volume;

import io.varve.spi.DriverType;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;

/**
 * A store as somebody asked for it.
 *
 * @param driver empty: what is there is detected, else the best available is chosen
 * @param readOnly whether it comes from the configuration file, which the appliance does not change
 */
public record StoreDefinition(
        StoreName name, Optional<DriverType> driver, Path root, Map<String, String> options, boolean readOnly) {
    public StoreDefinition {
        options = Map.copyOf(options);
    }

    StoreDefinition resolved(DriverType type, Path canonical) {
        return new StoreDefinition(name, Optional.of(type), canonical, options, readOnly);
    }
}
