package io.varve.appliance.config;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** A YAML file as a tree; keys given twice are faults. */
final class YamlFile {
    private static final ObjectMapper YAML =
            new ObjectMapper(new YAMLFactory()).enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION);

    private YamlFile() {}

    static JsonNode read(Path file, List<String> faults) {
        try {
            JsonNode tree = YAML.readTree(Files.readAllBytes(file));
            if (tree.isObject()) {
                return tree;
            }
            if (!tree.isMissingNode() && !tree.isNull()) {
                faults.add(file + ": it is not a mapping of keys to values");
            }
        } catch (IOException failure) {
            faults.add(file + ": " + String.valueOf(failure.getMessage()).replace("\n", " "));
        }
        return JsonNodeFactory.instance.objectNode();
    }
}
