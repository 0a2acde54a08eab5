package io.varve.retention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.spi.StorageException;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * Policies as documents: the fields of the outer contract, whether they come as JSON or from a YAML file.
 *
 * <p>Reading reports every fault at once, in one {@code REQUEST_INVALID}; a field that is {@code null} counts as absent.
 * What is written reads back as the same policy. Safe to use from any thread where the cron check is.
 */
public final class PolicyCodec {
    /** The field beside those of a policy that tells where they come from. */
    public static final String ORIGINS = "origins";

    private final Function<String, Optional<String>> cronFault;
    private final Inheritance inheritance;

    /** @param cronFault what is wrong with a cron expression; empty where nothing is */
    public PolicyCodec(Function<String, Optional<String>> cronFault) {
        this(cronFault, JsonNodeFactory.instance.objectNode());
    }

    /**
     * @param cronFault what is wrong with a cron expression; empty where nothing is
     * @param defaults fields that policies have where they do not say them; each is inherited whole or not at all
     * @throws StorageException {@code REQUEST_INVALID}, naming all faults of the defaults
     */
    public PolicyCodec(Function<String, Optional<String>> cronFault, JsonNode defaults) {
        this.cronFault = cronFault;
        this.inheritance = Inheritance.of(
                defaults, (fields, faults) -> new PolicyReader(faults, PolicyReader.Scope.COMPUTING, cronFault)
                        .read(fields, Optional.of("defaults")));
    }

    /**
     * Reads a policy that carries its own name.
     *
     * @throws StorageException {@code REQUEST_INVALID}, naming all faults
     */
    public Policy read(JsonNode document) {
        return read(inheritance.complete(document), PolicyReader.Scope.GOVERNING, Optional.empty());
    }

    /**
     * Reads a policy that was addressed by {@code name}; a name in the document must be the same.
     *
     * @throws StorageException {@code REQUEST_INVALID}, naming all faults
     */
    public Policy read(String name, JsonNode document) {
        return read(inheritance.complete(document), PolicyReader.Scope.GOVERNING, Optional.of(name));
    }

    /**
     * Reads a policy that is only computed with: {@code match} may be absent, and it then governs nothing; so may the name,
     * for which {@code name} stands in. It inherits nothing.
     *
     * @throws StorageException {@code REQUEST_INVALID}, naming all faults
     */
    public Policy readRules(String name, JsonNode document) {
        String own = document.path("name").asText(name);
        return read(document, PolicyReader.Scope.COMPUTING, Optional.of(own));
    }

    /** The policy with all its fields; rules of {@code keep} that were not given stay out. */
    public ObjectNode write(Policy policy) {
        return PolicyWriter.write(policy);
    }

    /** The fields that a document has a value for: those that are not inherited. */
    public Set<String> given(JsonNode document) {
        return Inheritance.given(document);
    }

    /**
     * A policy as it was shown and perhaps edited, made one to be read again: with {@code origins} beside its fields, what is
     * inherited according to them and was not edited is left out, so that it stays so.
     */
    public JsonNode asSet(JsonNode shown) {
        if (!(shown instanceof ObjectNode fields)) {
            return shown;
        }
        ObjectNode document = fields.deepCopy();
        JsonNode origins = document.path(ORIGINS);
        document.remove(ORIGINS);
        inheritance.takeInherited(document, origins);
        return document;
    }

    /** As {@link #write}, but without what is inherited. */
    public ObjectNode writeOwn(Policy policy, Set<String> given) {
        ObjectNode own = write(policy);
        own.retain(own.properties().stream()
                .map(Map.Entry::getKey)
                .filter(name -> isOwn(name, given))
                .toList());
        return own;
    }

    private static boolean isOwn(String field, Set<String> given) {
        return field.equals("name") || given.contains(field);
    }

    /** Where each field that {@link #write} writes comes from, in its order. */
    public Map<String, Origin> origins(Policy policy, Set<String> given) {
        Map<String, Origin> origins = new LinkedHashMap<>();
        write(policy).properties().forEach(field -> {
            if (!field.getKey().equals("name")) {
                origins.put(field.getKey(), inheritance.origin(field.getKey(), given));
            }
        });
        return origins;
    }

    private Policy read(JsonNode document, PolicyReader.Scope scope, Optional<String> address) {
        Faults faults = new Faults();
        Policy policy = new PolicyReader(faults, scope, cronFault).read(new Fields("", document, faults), address);
        faults.raise(address.or(() -> Optional.ofNullable(document.path("name").textValue()))
                .map(name -> "policy " + Refusal.quote(name))
                .orElse("the policy"));
        return policy;
    }
}
