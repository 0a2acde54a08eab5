package io.varve.catalog;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.spi.Consistency;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The JSON form of records, format 1. Times are RFC 3339 UTC with nanoseconds. Absent fields are empty; a reader passes
 * over fields it does not know, and refuses a higher format number.
 */
public final class RecordFormat {
    private static final int FORMAT = 1;
    private static final ObjectMapper JSON = new ObjectMapper();

    private RecordFormat() {}

    public static byte[] write(VolumeRecord record) {
        ObjectNode node = head("volume");
        node.put("name", record.name().value());
        node.put("created", record.created().toString());
        record.size().ifPresent(size -> node.put("size", size));
        return bytes(node);
    }

    public static byte[] write(SnapshotRecord record) {
        ObjectNode node = head("snapshot");
        node.put("volume", record.volume().value());
        node.put("label", record.label().value());
        node.put("kind", record.kind().name());
        node.put("created", record.created().toString());
        node.put("message", record.message());
        ArrayNode tags = node.putArray("tags");
        record.tags().forEach(tag -> tags.add(tag.value()));
        ArrayNode holds = node.putArray("holds");
        record.holds().forEach(hold -> holds.add(write(hold)));
        record.policy().ifPresent(policy -> node.put("policy", policy));
        record.parent().ifPresent(parent -> node.put("parent", parent.value()));
        record.expires().ifPresent(expires -> node.put("expires", expires.toString()));
        ArrayNode warnings = node.putArray("warnings");
        record.warnings().forEach(warnings::add);
        if (record.consistency() != Consistency.CRASH) {
            node.put("consistency", record.consistency().name());
        }
        record.group().ifPresent(group -> node.set("group", write(group)));
        return bytes(node);
    }

    private static ObjectNode write(SnapshotGroup group) {
        ObjectNode node = JSON.createObjectNode().put("id", group.id()).put("size", group.size());
        group.skew().ifPresent(skew -> node.put("skew", skew.toString()));
        return node;
    }

    private static ObjectNode write(Hold hold) {
        ObjectNode node = JSON.createObjectNode();
        node.put("owner", hold.owner());
        node.put("reason", hold.reason());
        node.put("since", hold.since().toString());
        hold.expires().ifPresent(expires -> node.put("expires", expires.toString()));
        return node;
    }

    public static VolumeRecord readVolume(byte[] content) throws RecordFormatException {
        JsonNode node = parse(content, "volume");
        return reading(() -> new VolumeRecord(
                VolumeName.of(text(node, "name")),
                Instant.parse(text(node, "created")),
                node.hasNonNull("size") ? OptionalLong.of(node.get("size").longValue()) : OptionalLong.empty()));
    }

    public static SnapshotRecord readSnapshot(byte[] content) throws RecordFormatException {
        JsonNode node = parse(content, "snapshot");
        return reading(() -> new SnapshotRecord(
                VolumeName.of(text(node, "volume")),
                SnapshotLabel.of(text(node, "label")),
                SnapshotKind.valueOf(text(node, "kind")),
                Instant.parse(text(node, "created")),
                node.path("message").asText(""),
                texts(node, "tags").stream().map(Tag::of).toList(),
                holds(node),
                optional(node, "policy"),
                optional(node, "parent").map(SnapshotLabel::of),
                optional(node, "expires").map(Instant::parse),
                texts(node, "warnings"),
                group(node.path("group")),
                optional(node, "consistency").map(Consistency::valueOf).orElse(Consistency.CRASH)));
    }

    private static Optional<SnapshotGroup> group(JsonNode node) {
        return node.isObject()
                ? Optional.of(new SnapshotGroup(
                        text(node, "id"),
                        node.path("size").asInt(),
                        optional(node, "skew").map(Duration::parse)))
                : Optional.empty();
    }

    private static List<Hold> holds(JsonNode node) {
        List<Hold> holds = new ArrayList<>();
        for (JsonNode hold : node.path("holds")) {
            holds.add(new Hold(
                    text(hold, "owner"),
                    hold.path("reason").asText(""),
                    Instant.parse(text(hold, "since")),
                    optional(hold, "expires").map(Instant::parse)));
        }
        return holds;
    }

    private static ObjectNode head(String type) {
        return JSON.createObjectNode().put("format", FORMAT).put("type", type);
    }

    private static byte[] bytes(ObjectNode node) {
        try {
            byte[] json = JSON.writeValueAsBytes(node);
            byte[] line = Arrays.copyOf(json, json.length + 1);
            line[json.length] = '\n';
            return line;
        } catch (JsonProcessingException impossible) {
            throw new IllegalStateException("a tree of plain values is always writable", impossible);
        }
    }

    private static JsonNode parse(byte[] content, String type) throws RecordFormatException {
        JsonNode node;
        try {
            node = JSON.readTree(content);
        } catch (IOException damaged) {
            throw new RecordFormatException("not JSON: " + damaged.getMessage(), damaged);
        }
        if (!node.isObject() || !node.path("type").asText().equals(type)) {
            throw new RecordFormatException("not a " + type + " record", false);
        }
        int format = node.path("format").asInt(0);
        if (format != FORMAT) {
            throw new RecordFormatException(
                    "format " + format + " is not " + FORMAT + ", the one this version reads", format > FORMAT);
        }
        return node;
    }

    private interface Reading<T> {
        T read();
    }

    private static <T> T reading(Reading<T> reading) throws RecordFormatException {
        try {
            return reading.read();
        } catch (DateTimeException | IllegalArgumentException | StorageException wrong) {
            throw new RecordFormatException("damaged record: " + wrong.getMessage(), wrong);
        }
    }

    private static String text(JsonNode node, String field) {
        JsonNode value = node.path(field);
        if (!value.isTextual()) {
            throw new IllegalArgumentException("field '" + field + "' is missing");
        }
        return value.textValue();
    }

    private static Optional<String> optional(JsonNode node, String field) {
        return node.hasNonNull(field) ? Optional.of(text(node, field)) : Optional.empty();
    }

    private static List<String> texts(JsonNode node, String field) {
        List<String> texts = new ArrayList<>();
        node.path(field).forEach(element -> texts.add(element.asText()));
        return texts;
    }
}
