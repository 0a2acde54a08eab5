package io.varve.appliance.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Policies written by people: JSON, or YAML with a document each. What they mean is the appliance's to judge. */
final class PolicyFile {
    private final InputStream standardInput;

    PolicyFile(InputStream standardInput) {
        this.standardInput = standardInput;
    }

    /** All policies of the file, each with a name; refused as a whole where one has none. */
    List<ObjectNode> read(Path file) {
        try {
            byte[] content = file.toString().equals("-") ? standardInput.readAllBytes() : Files.readAllBytes(file);
            return parse(file, content);
        } catch (JsonProcessingException malformed) {
            throw CommandFailure.local(
                    "cannot read " + file + ": " + malformed.getOriginalMessage() + place(malformed));
        } catch (IOException unreadable) {
            throw CommandFailure.local("cannot read " + file, unreadable);
        }
    }

    private static List<ObjectNode> parse(Path file, byte[] content) throws IOException {
        List<ObjectNode> policies = new ArrayList<>();
        try (MappingIterator<JsonNode> documents = reader(content).readValues(content)) {
            while (documents.hasNextValue()) {
                addPolicies(policies, file, documents.nextValue());
            }
        }
        if (policies.isEmpty()) {
            throw CommandFailure.local(file + " holds no policy");
        }
        return policies;
    }

    /** JSON allows tabs where YAML does not, so each has its own reader. */
    private static ObjectReader reader(byte[] content) {
        boolean json = new String(content, 0, Math.min(content.length, 1024), java.nio.charset.StandardCharsets.UTF_8)
                .stripLeading()
                .startsWith("{");
        return (json ? Json.MAPPER : new YAMLMapper()).readerFor(JsonNode.class);
    }

    private static void addPolicies(List<ObjectNode> policies, Path file, JsonNode document) {
        if (document.isArray()) {
            document.forEach(policy -> addPolicies(policies, file, policy));
        } else if (document instanceof ObjectNode policy
                && !Json.text(policy, "name").isEmpty()) {
            policies.add(policy);
        } else if (!Json.isBlank(document)) {
            throw CommandFailure.local(file + " holds something that is no policy: an object with a name is expected");
        }
    }

    private static String place(JsonProcessingException malformed) {
        return malformed.getLocation() == null
                ? ""
                : " (line " + malformed.getLocation().getLineNr() + ")";
    }
}
