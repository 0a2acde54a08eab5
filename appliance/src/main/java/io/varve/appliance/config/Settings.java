package io.varve.appliance.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.volume.StoreDefinition;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/**
 * How this appliance is set up.
 *
 * @param authenticationOff whether {@code /api} over TCP needs no token; on loopback alone
 * @param jmx empty where JMX clients are to stay outside
 * @param driverDirectories where drop-in jars are looked for
 * @param stores of the configuration file
 * @param policyDefaults what policies have where they do not say it, as written there
 * @param policies of the configuration file, as written there
 */
public record Settings(
        Path socket,
        String httpHost,
        int httpPort,
        boolean authenticationOff,
        Optional<JmxSettings> jmx,
        Path stateDirectory,
        List<Path> driverDirectories,
        List<StoreDefinition> stores,
        JsonNode policyDefaults,
        List<JsonNode> policies) {

    private static final AtomicReference<Settings> INSTALLED = new AtomicReference<>();

    public Settings {
        driverDirectories = List.copyOf(driverDirectories);
        stores = List.copyOf(stores);
        policies = List.copyOf(policies);
    }

    /** Hands the settings that were read before the application started to the application. */
    public static void install(Settings settings) {
        INSTALLED.set(settings);
    }

    static Settings installed() {
        Settings settings = INSTALLED.get();
        if (settings == null) {
            throw new IllegalStateException("the appliance is started by 'varve serve', which reads its settings");
        }
        return settings;
    }
}
