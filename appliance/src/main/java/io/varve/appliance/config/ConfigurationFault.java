package io.varve.appliance.config;

import java.util.List;

/** Everything that is wrong with how the appliance was configured, at once. */
public final class ConfigurationFault extends RuntimeException {
    private static final long serialVersionUID = 1L;

    public ConfigurationFault(List<String> faults) {
        super("varve: cannot start:\n  " + String.join("\n  ", faults));
    }
}
