package io.varve.status;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Usage;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Figures as JSON: a list of {@code {"metricName"?, "label", "type", "value"}}. A whole figure is written without a
 * decimal point and a real one with it, and each comes back as what it was; fields that a later version added are kept.
 */
public final class UsageData {
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final Set<String> OURS = Set.of("metricName", "label", "type", "value");

    private final List<Entry> entries;

    private record Entry(Usage usage, Map<String, JsonNode> more) {}

    private UsageData(List<Entry> entries) {
        this.entries = List.copyOf(entries);
    }

    public static UsageData of(List<Usage> usages) {
        return new UsageData(
                usages.stream().map(usage -> new Entry(usage, Map.of())).toList());
    }

    public List<Usage> usages() {
        return entries.stream().map(Entry::usage).toList();
    }

    /** @throws StorageException {@code REQUEST_INVALID} for what is no list of figures */
    public static UsageData read(byte[] json) {
        try {
            JsonNode list = JSON.readTree(json);
            if (!list.isArray()) {
                throw invalid("it is no list");
            }
            List<Entry> entries = new ArrayList<>();
            for (JsonNode node : list) {
                entries.add(entry(node));
            }
            return new UsageData(entries);
        } catch (IOException broken) {
            throw new StorageException(ErrorCode.REQUEST_INVALID, "not usage data: " + broken.getMessage(), broken);
        }
    }

    private static Entry entry(JsonNode node) {
        Map<String, JsonNode> more = new TreeMap<>();
        node.properties().stream()
                .filter(field -> !OURS.contains(field.getKey()))
                .forEach(field -> more.put(field.getKey(), field.getValue()));
        return new Entry(usage(node), more);
    }

    private static Usage usage(JsonNode node) {
        String name = node.path("metricName").asText("");
        Optional<String> metric = name.isEmpty() ? Optional.empty() : Optional.of(name);
        String label = text(node, "label");
        String type = text(node, "type");
        JsonNode value = node.path("value");
        if (value.isIntegralNumber() && value.canConvertToLong()) {
            return new Usage.Whole(metric, label, type, value.longValue());
        }
        if (value.isFloatingPointNumber()) {
            return new Usage.Real(metric, label, type, value.doubleValue());
        }
        throw invalid("the value of '" + label + " " + type + "' is no number a figure can have: " + value);
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw invalid("an entry has no text '" + field + "'");
        }
        return value.textValue();
    }

    private static StorageException invalid(String why) {
        return new StorageException(ErrorCode.REQUEST_INVALID, "not usage data: " + why);
    }

    /** @throws IllegalStateException where a real figure is not finite, which JSON has no number for */
    public byte[] write() {
        ArrayNode list = JSON.createArrayNode();
        for (Entry entry : entries) {
            ObjectNode node = list.addObject();
            entry.usage().metricName().ifPresent(name -> node.put("metricName", name));
            node.put("label", entry.usage().label());
            node.put("type", entry.usage().type());
            putValue(entry.usage(), node);
            entry.more().forEach(node::set);
        }
        try {
            return JSON.writeValueAsBytes(list);
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values is always writable", impossible);
        }
    }

    private static void putValue(Usage usage, ObjectNode node) {
        switch (usage) {
            case Usage.Whole whole -> node.put("value", whole.value());
            case Usage.Real real when Double.isFinite(real.value()) -> node.put("value", real.value());
            case Usage.Real real ->
                throw new IllegalStateException(real.label() + " " + real.type() + " is " + real.value());
        }
    }
}
