package io.varve.retention;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.spi.StorageException;

import java.util.Optional;
import java.util.function.Function;

/**
 * Policies as documents: the fields of the outer contract, whether they come as JSON or from a YAML file.
 *
 * <p>Reading reports every fault at once, in one {@code REQUEST_INVALID}; a field that is {@code null} counts as absent.
 * What is written reads back as the same policy. Safe to use from any thread where the cron check is.
 */
public final class PolicyCodec {
    private final Function<String, Optional<String>> cronFault;

    /** @param cronFault what is wrong with a cron expression; empty where nothing is */
    public PolicyCodec(Function<String, Optional<String>> cronFault) {
        this.cronFault = cronFault;
    }

    /**
     * Reads a policy that carries its own name.
     *
     * @throws StorageException {@code REQUEST_INVALID}, naming all faults
     */
    public Policy read(JsonNode document) {
        return read(document, PolicyReader.Scope.GOVERNING, Optional.empty());
    }

    /**
     * Reads a policy that was addressed by {@code name}; a name in the document must be the same.
     *
     * @throws StorageException {@code REQUEST_INVALID}, naming all faults
     */
    public Policy read(String name, JsonNode document) {
        return read(document, PolicyReader.Scope.GOVERNING, Optional.of(name));
    }

    /**
     * Reads a policy that is only computed with: {@code match} may be absent, and it then governs nothing; so may the name,
     * for which {@code name} stands in.
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

    private Policy read(JsonNode document, PolicyReader.Scope scope, Optional<String> address) {
        Faults faults = new Faults();
        Policy policy = new PolicyReader(faults, scope, cronFault).read(new Fields("", document, faults), address);
        faults.raise(address.or(() -> Optional.ofNullable(document.path("name").textValue()))
                .map(name -> "policy " + Refusal.quote(name))
                .orElse("the policy"));
        return policy;
    }
}
