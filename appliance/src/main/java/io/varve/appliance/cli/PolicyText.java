package io.varve.appliance.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.fasterxml.jackson.dataformat.yaml.YAMLGenerator;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import com.fasterxml.jackson.dataformat.yaml.util.StringQuotingChecker;

import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** A policy as people write it, so that what is shown can be changed and applied again; what is no part of it is a remark. */
final class PolicyText {
    private static final String READ_ONLY = "readOnly";
    private static final String GOVERNS = "governs";
    private static final String SILENT = "silent";
    private static final String ORIGINS = "origins";
    private static final String OWN = "policy";

    /** Words and durations that no reader of YAML takes for anything else; all other texts are quoted. */
    private static final Pattern PLAIN = Pattern.compile("[A-Za-z][A-Za-z0-9_/-]*|[0-9]+[smhdwMy]");

    private static final YAMLMapper YAML = YAMLMapper.builder(
                    YAMLFactory.builder().stringQuotingChecker(new Quoting()).build())
            .disable(YAMLGenerator.Feature.WRITE_DOC_START_MARKER)
            .disable(YAMLGenerator.Feature.SPLIT_LINES)
            .enable(YAMLGenerator.Feature.MINIMIZE_QUOTES)
            .build();

    private static final class Quoting extends StringQuotingChecker.Default {
        private static final long serialVersionUID = 1L;

        @Override
        public boolean needToQuoteValue(String value) {
            return super.needToQuoteValue(value) || !PLAIN.matcher(value).matches();
        }
    }

    private PolicyText() {}

    static List<String> lines(JsonNode shown) {
        List<String> lines = new ArrayList<>(remarks(shown));
        if (shown instanceof ObjectNode object) {
            ObjectNode policy = object.deepCopy().without(List.of(READ_ONLY, GOVERNS, SILENT, ORIGINS));
            ObjectNode inherited = takeInherited(policy, shown.path(ORIGINS));
            yaml(policy).lines().forEach(lines::add);
            addInherited(lines, inherited, shown.path(ORIGINS));
        }
        return lines;
    }

    /** Applied again, what was inherited stays so: it is no part of the policy. */
    private static ObjectNode takeInherited(ObjectNode policy, JsonNode origins) {
        ObjectNode inherited = Json.object();
        origins.properties().forEach(origin -> {
            if (!origin.getValue().asText().equals(OWN) && policy.has(origin.getKey())) {
                inherited.set(origin.getKey(), policy.remove(origin.getKey()));
            }
        });
        return inherited;
    }

    private static void addInherited(List<String> lines, ObjectNode inherited, JsonNode origins) {
        inherited.properties().forEach(field -> {
            lines.add("# From " + (Json.text(origins, field.getKey()).equals("built-in") ? "Varve" : "the defaults")
                    + ":");
            yaml(Json.object().set(field.getKey(), field.getValue()))
                    .lines()
                    .forEach(line -> lines.add("#   " + Texts.line(line)));
        });
    }

    private static List<String> remarks(JsonNode shown) {
        List<String> remarks = new ArrayList<>();
        if (shown.path(READ_ONLY).asBoolean()) {
            remarks.add("# From the configuration file; it is changed there.");
        }
        if (shown.path(GOVERNS).isArray()) {
            remarks.add("# Governs " + (shown.path(GOVERNS).isEmpty() ? "no volume there is now." : "now:"));
            shown.path(GOVERNS).forEach(volume -> remarks.add("#   " + Texts.line(volume.asText())));
        }
        shown.path(SILENT).forEach(silence -> remarks.add("# Alarm: " + Texts.line(silence.asText())));
        return remarks;
    }

    private static String yaml(JsonNode policy) {
        try {
            return YAML.writeValueAsString(policy);
        } catch (JsonProcessingException impossible) {
            throw new UncheckedIOException(impossible);
        }
    }
}
