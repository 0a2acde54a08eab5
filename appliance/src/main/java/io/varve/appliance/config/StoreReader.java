package io.varve.appliance.config;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.spi.DriverType;
import io.varve.spi.StorageException;
import io.varve.volume.StoreDefinition;
import io.varve.volume.StoreName;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads a store of the configuration file; its fields are those of the REST door. */
final class StoreReader {
    private StoreReader() {}

    static Optional<StoreDefinition> read(JsonNode node, boolean readOnly, List<String> faults) {
        String name = node.path("name").asText("");
        node.fieldNames().forEachRemaining(field -> {
            if (!List.of("name", "driver", "root", "options").contains(field)) {
                faults.add("store '" + name + "': unknown key '" + field + "'");
            }
        });
        try {
            return Optional.of(new StoreDefinition(
                    StoreName.of(name),
                    node.hasNonNull("driver")
                            ? Optional.of(DriverType.of(node.get("driver").asText()))
                            : Optional.empty(),
                    Path.of(node.path("root").asText("")),
                    options(node.path("options")),
                    readOnly));
        } catch (StorageException fault) {
            faults.add("store '" + name + "': " + fault.getMessage());
            return Optional.empty();
        }
    }

    private static Map<String, String> options(JsonNode node) {
        Map<String, String> options = new HashMap<>();
        node.properties()
                .forEach(
                        option -> options.put(option.getKey(), option.getValue().asText()));
        return options;
    }
}
