package io.varve.retention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;

/**
 * What policies have where they do not say it themselves. A field is inherited whole or not at all: rules of two levels are
 * never mixed. Immutable, safe to use from any thread.
 */
final class Inheritance {
    /** What a policy is about is its own affair; with these left out, defaults make no valid policy invalid. */
    private static final Set<String> OWN = Set.of("name", "match", "together", "onlyIfChanged", "unmatched", "hooks");

    private final JsonNode defaults;

    /** Those and what is built in, as they are shown. */
    private final ObjectNode shown;

    private Inheritance(JsonNode defaults, ObjectNode shown) {
        this.defaults = defaults;
        this.shown = shown;
    }

    /** @param reader reads a policy's document as if it governed nothing, noting what is wrong with it */
    static Inheritance of(JsonNode defaults, BiFunction<Fields, Faults, Policy> reader) {
        Faults faults = new Faults();
        given(defaults).stream()
                .filter(OWN::contains)
                .sorted()
                .forEach(field -> faults.add(field, "cannot be a default; each policy says it for itself"));
        Policy policy = reader.apply(new Fields("", defaults, faults), faults);
        faults.raise("the defaults of policies");
        return new Inheritance(defaults.deepCopy(), PolicyWriter.write(policy));
    }

    /** The fields that a document has a value for. */
    static Set<String> given(JsonNode document) {
        return document.properties().stream()
                .filter(field -> !field.getValue().isNull())
                .map(field -> field.getKey())
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The document with what it inherits; what is no object stays as it is. */
    JsonNode complete(JsonNode document) {
        if (!(document instanceof ObjectNode own)) {
            return document;
        }
        ObjectNode whole = own.deepCopy();
        for (String field : given(defaults)) {
            if (!own.hasNonNull(field)) {
                whole.set(field, defaults.get(field).deepCopy());
            }
        }
        return whole;
    }

    /** Takes out what says that it is inherited and is what would be inherited; what was edited stays. */
    void takeInherited(ObjectNode document, JsonNode origins) {
        origins.properties().forEach(origin -> {
            String field = origin.getKey();
            boolean inherited = !origin.getValue().asText().equals(Origin.POLICY.spelling());
            if (inherited && document.path(field).equals(shown.path(field))) {
                document.remove(field);
            }
        });
    }

    Origin origin(String field, Set<String> given) {
        if (given.contains(field)) {
            return Origin.POLICY;
        }
        return defaults.hasNonNull(field) ? Origin.DEFAULTS : Origin.BUILT_IN;
    }
}
