package io.varve.appliance.config;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.varve.volume.StoreDefinition;

import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Reads the configuration file, then lets the environment have the last word; reports all faults at once. */
public final class SettingsLoader {
    private static final Path DEFAULT_FILE = Path.of("/etc/varve/varve.yaml");
    private static final int MAX_PORT = 65535;

    private final Map<String, String> environment;
    private final List<String> faults = new ArrayList<>();
    private final JsonNode file;

    private SettingsLoader(Optional<Path> file, Map<String, String> environment) {
        this.environment = environment;
        this.file = read(file);
    }

    /**
     * @param file what {@code --config} named; empty is the default place, where nothing need be
     * @throws ConfigurationFault with everything that is wrong
     */
    public static Settings load(Optional<Path> file, Map<String, String> environment) {
        SettingsLoader loader = new SettingsLoader(file, environment);
        Settings settings = loader.settings();
        if (!loader.faults.isEmpty()) {
            throw new ConfigurationFault(loader.faults);
        }
        return settings;
    }

    private JsonNode read(Optional<Path> named) {
        if (named.isEmpty() && !Files.exists(DEFAULT_FILE)) {
            return JsonNodeFactory.instance.objectNode();
        }
        return YamlFile.read(named.orElse(DEFAULT_FILE), faults);
    }

    private Settings settings() {
        refuseUnknown(file, "", Set.of("socket", "http", "jmx", "state", "drivers", "stores", "defaults", "policies"));
        refuseUnknown(file.path("http"), "http.", Set.of("host", "port"));
        refuseUnknown(file.path("jmx"), "jmx.", Set.of("port", "passwordFile"));
        refuseUnknown(file.path("drivers"), "drivers.", Set.of("directory"));
        Path state = path("VARVE_STATE_DIR", file.path("state"), "/var/lib/varve");
        String host = text("VARVE_HTTP_HOST", file.path("http").path("host"), "127.0.0.1");
        return new Settings(
                path("VARVE_SOCKET", file.path("socket"), "/run/varve/varve.sock"),
                host,
                port(),
                authenticationOff(host),
                JmxReader.read(
                        text("VARVE_JMX_PORT", file.path("jmx").path("port"), ""),
                        text("VARVE_JMX_PASSWORD_FILE", file.path("jmx").path("passwordFile"), ""),
                        faults),
                state,
                driverDirectories(state),
                stores(),
                file.path("defaults"),
                policies());
    }

    private List<Path> driverDirectories(Path state) {
        List<Path> directories = new ArrayList<>();
        directories.add(path("VARVE_DRIVERS_DIR", file.path("drivers").path("directory"), state + "/drivers"));
        Optional.ofNullable(environment.get("VARVE_HOME")).map(Path::of).ifPresent(home -> {
            Path beside = home.resolve("drivers");
            if (!directories.contains(beside)) {
                directories.add(beside);
            }
        });
        return directories;
    }

    private boolean authenticationOff(String host) {
        String value = environment.getOrDefault("VARVE_HTTP_AUTH", "on");
        if (!Set.of("on", "off").contains(value)) {
            faults.add("VARVE_HTTP_AUTH is '" + value + "'; it is 'on' or 'off'");
        }
        boolean off = value.equals("off");
        if (off && !isLoopback(host)) {
            faults.add("VARVE_HTTP_AUTH=off is allowed on loopback alone, not on '" + host + "'");
        }
        return off;
    }

    private static boolean isLoopback(String host) {
        try {
            return InetAddress.getByName(host).isLoopbackAddress();
        } catch (UnknownHostException unknown) {
            return false;
        }
    }

    private int port() {
        String value = text("VARVE_HTTP_PORT", file.path("http").path("port"), "8470");
        if (value.matches("[0-9]{1,5}") && Integer.parseInt(value) <= MAX_PORT) {
            return Integer.parseInt(value);
        }
        faults.add("the HTTP port '" + value + "' is not a number from 0 to 65535");
        return 0;
    }

    private Path path(String variable, JsonNode node, String standard) {
        Path path = Path.of(text(variable, node, standard));
        if (!path.isAbsolute()) {
            faults.add(variable + " (or its setting in the file) is '" + path + "', which is not an absolute path");
        }
        return path.toAbsolutePath().normalize();
    }

    private String text(String variable, JsonNode node, String standard) {
        String fromFile = node.isMissingNode() ? standard : node.asText();
        String value = environment.getOrDefault(variable, "");
        return value.isBlank() ? fromFile : value;
    }

    private List<StoreDefinition> stores() {
        List<StoreDefinition> stores = new ArrayList<>();
        for (JsonNode node : file.path("stores")) {
            StoreReader.read(node, true, faults).ifPresent(stores::add);
        }
        refuseRepeated(
                "stores", stores.stream().map(store -> store.name().value()).toList());
        return stores;
    }

    private void refuseRepeated(String what, List<String> names) {
        Set<String> seen = new HashSet<>();
        Set<String> repeated = new TreeSet<>();
        names.stream().filter(name -> !seen.add(name)).forEach(repeated::add);
        repeated.forEach(name -> faults.add("there are several " + what + " '" + name + "' in the configuration file"));
    }

    private List<JsonNode> policies() {
        List<JsonNode> policies = new ArrayList<>();
        file.path("policies").forEach(policies::add);
        refuseRepeated(
                "policies",
                policies.stream().map(policy -> policy.path("name").asText()).toList());
        return policies;
    }

    private void refuseUnknown(JsonNode node, String prefix, Set<String> known) {
        node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                faults.add("unknown key '" + prefix + field + "' in the configuration file");
            }
        });
    }
}
