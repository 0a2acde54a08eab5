package io.varve.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * A token as it lies on disk.
 *
 * @param id the public part of the secret, by which it is found
 */
record TokenFile(String id, SecretHash hash, Token token) {
    private static final ObjectMapper JSON = new ObjectMapper();

    byte[] write() throws IOException {
        ObjectNode node = JSON.createObjectNode()
                .put("format", 1)
                .put("id", id)
                .put("salt", hash.saltText())
                .put("hash", hash.hashText())
                .put("name", token.name())
                .put("role", token.role().text())
                .put("created", token.created().toString());
        token.expires().ifPresent(time -> node.put("expires", time.toString()));
        token.stores().forEach(node.putArray("stores")::add);
        return JSON.writeValueAsBytes(node);
    }

    /** @throws IOException where it is no such file */
    static TokenFile read(byte[] content) throws IOException {
        JsonNode node = JSON.readTree(content);
        try {
            List<String> stores = new ArrayList<>();
            node.path("stores").forEach(store -> stores.add(store.asText()));
            Token token = new Token(
                    text(node, "name"),
                    Role.parse(text(node, "role")),
                    Instant.parse(text(node, "created")),
                    Optional.of(node.path("expires").asText(""))
                            .filter(text -> !text.isEmpty())
                            .map(Instant::parse),
                    stores);
            return new TokenFile(text(node, "id"), SecretHash.read(text(node, "salt"), text(node, "hash")), token);
        } catch (DateTimeException | IllegalArgumentException malformed) {
            throw new IOException(malformed.getMessage(), malformed);
        }
    }

    private static String text(JsonNode node, String field) throws IOException {
        if (!node.path(field).isTextual()) {
            throw new IOException("field '" + field + "' is missing");
        }
        return node.get(field).textValue();
    }
}
