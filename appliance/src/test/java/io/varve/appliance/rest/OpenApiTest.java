package io.varve.appliance.rest;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.spi.ErrorCode;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

class OpenApiTest {
    private static final String PREFIX = "/api/v1";

    private final JsonNode document = OpenApi.tree();

    OpenApiTest() throws IOException {}

    static List<Call> calls() {
        return Call.all();
    }

    private JsonNode operation(Call call) {
        return document.path("paths")
                .path(PREFIX + call.path())
                .path(call.verb().toLowerCase(Locale.ROOT));
    }

    private JsonNode resolved(JsonNode node) {
        return node.has("$ref") ? document.at(node.get("$ref").asText().substring(1)) : node;
    }

    private Set<String> parameters(JsonNode operation, String where) {
        Set<String> names = new TreeSet<>();
        for (JsonNode parameter : operation.path("parameters")) {
            if (resolved(parameter).path("in").asText().equals(where)) {
                names.add(resolved(parameter).path("name").asText());
            }
        }
        return names;
    }

    @ParameterizedTest
    @MethodSource("calls")
    void everyCallIsDescribedWithItsParametersAndItsRole(Call call) {
        JsonNode operation = operation(call);
        Authorization.Rule rule = Authorization.rule(call.method());

        assertThat(operation.path("summary").asText()).isNotBlank();
        assertThat(parameters(operation, "query"))
                .containsExactlyInAnyOrderElementsOf(
                        QueryNames.parameters(call.method()).keySet());
        assertThat(parameters(operation, "path"))
                .containsExactlyInAnyOrderElementsOf(Pattern.compile("\\{(\\w+)}")
                        .matcher(call.path())
                        .results()
                        .map(found -> found.group(1))
                        .toList());
        assertThat(operation.path("x-role").asText()).isEqualTo(rule.role().text());
        assertThat(operation.path("x-any-store").asBoolean()).isEqualTo(!rule.ofStores());
        assertThat(operation.path("responses").has("default")).isTrue();
    }

    @Test
    void nothingIsDescribedThatIsNotThere() {
        Collection<String> described = new TreeSet<>();
        document.path("paths").properties().forEach(path -> path.getValue()
                .fieldNames()
                .forEachRemaining(verb -> described.add(
                        verb.toUpperCase(Locale.ROOT) + " " + path.getKey().substring(PREFIX.length()))));

        assertThat(described)
                .containsExactlyInAnyOrderElementsOf(
                        new TreeSet<>(calls().stream().map(Call::toString).toList()));
    }

    @Test
    void everyReferenceLeadsSomewhere() {
        List<String> references = new ArrayList<>();
        document.findValues("$ref").forEach(reference -> references.add(reference.asText()));

        assertThat(references).isNotEmpty().allSatisfy(reference -> assertThat(
                        document.at(reference.substring(1)).isMissingNode())
                .isFalse());
    }

    @Test
    void theCodesItNamesAreOurs() {
        Set<String> codes = new TreeSet<>();
        document.findValues("x-codes").forEach(list -> list.forEach(code -> codes.add(code.asText())));

        assertThat(codes)
                .isNotEmpty()
                .isSubsetOf(Arrays.stream(ErrorCode.values()).map(Enum::name).toList());
    }
}
