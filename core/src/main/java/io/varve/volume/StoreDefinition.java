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

    /** Whether who asks for {@code wanted} asks for this; both roots in their canonical form. */
    boolean satisfies(StoreDefinition wanted, Path here, Path there) {
        return here.equals(there)
                && (wanted.driver.isEmpty() || driver.isEmpty() || wanted.driver.equals(driver))
                && wanted.options.equals(options);
    }
}
