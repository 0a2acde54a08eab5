package io.varve.appliance.rest;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.status.HumanSize;

import java.io.IOException;
import java.io.InputStream;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/** The JSON object of a request: bounded, strict about unknown and repeated fields and about types. */
final class Body {
    /** Plenty for any request but archives and metadata streams, which are not JSON. */
    static final int MAX_BYTES = 16 << 20;

    private static final ObjectMapper JSON = JsonMapper.builder()
            .enable(JsonParser.Feature.STRICT_DUPLICATE_DETECTION)
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode node;

    private Body(JsonNode node) {
        this.node = node;
    }

    /** Reads a body that may have these fields alone; an empty one is an empty object. */
    static Body read(InputStream stream, String... fields) {
        Body body = new Body(tree(stream));
        if (!body.node.isObject()) {
            throw invalid("the body is not a JSON object");
        }
        Set<String> known = Set.of(fields);
        body.node.fieldNames().forEachRemaining(field -> {
            if (!known.contains(field)) {
                throw invalid("unknown field '" + field + "'; known are " + String.join(", ", Arrays.asList(fields)));
            }
        });
        return body;
    }

    /** Any JSON value; an empty body is an empty object. */
    static JsonNode tree(InputStream stream) {
        try {
            byte[] bytes = stream.readNBytes(MAX_BYTES + 1);
            if (bytes.length > MAX_BYTES) {
                throw invalid("the body is larger than 16 MiB");
            }
            return bytes.length == 0 ? JsonNodeFactory.instance.objectNode() : JSON.readTree(bytes);
        } catch (JsonProcessingException malformed) {
            throw invalid("the body is not well-formed JSON: " + malformed.getOriginalMessage());
        } catch (IOException failure) {
            throw invalid("the body could not be read: " + failure.getMessage());
        }
    }

    static StorageException invalid(String reason) {
        return new StorageException(ErrorCode.REQUEST_INVALID, reason);
    }

    String text(String field) {
        return optionalText(field).orElseThrow(() -> invalid("field '" + field + "' is missing"));
    }

    Optional<String> optionalText(String field) {
        if (!node.hasNonNull(field)) {
            return Optional.empty();
        }
        if (!node.get(field).isTextual()) {
            throw invalid("field '" + field + "' is not a string");
        }
        return Optional.of(node.get(field).textValue());
    }

    boolean flag(String field) {
        return flag(field, false);
    }

    boolean flag(String field, boolean otherwise) {
        if (!node.hasNonNull(field)) {
            return otherwise;
        }
        if (!node.get(field).isBoolean()) {
            throw invalid("field '" + field + "' is not true or false");
        }
        return node.get(field).booleanValue();
    }

    List<String> texts(String field) {
        List<String> texts = new ArrayList<>();
        if (!node.hasNonNull(field)) {
            return texts;
        }
        if (!node.get(field).isArray()) {
            throw invalid("field '" + field + "' is not a list");
        }
        for (JsonNode element : node.get(field)) {
            if (!element.isTextual()) {
                throw invalid("field '" + field + "' holds something that is not a string");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    Map<String, String> map(String field) {
        Map<String, String> map = new HashMap<>();
        if (!node.hasNonNull(field)) {
            return map;
        }
        if (!node.get(field).isObject()) {
            throw invalid("field '" + field + "' is not an object");
        }
        node.get(field).properties().forEach(each -> {
            if (!each.getValue().isValueNode()) {
                throw invalid("field '" + field + "." + each.getKey() + "' is not a plain value");
            }
            map.put(each.getKey(), each.getValue().asText());
        });
        return map;
    }

    /** A size: a number of bytes or a text such as {@code 10 GiB}. */
    OptionalLong size(String field) {
        return node.hasNonNull(field) ? OptionalLong.of(size(field, node.get(field))) : OptionalLong.empty();
    }

    private static long size(String field, JsonNode value) {
        if (value.isIntegralNumber() && value.canConvertToLong() && value.longValue() > 0) {
            return value.longValue();
        }
        if (!value.isTextual()) {
            throw HumanSize.notASize(field);
        }
        return HumanSize.parse(field, value.asText());
    }

    Optional<Instant> time(String field) {
        return optionalText(field).map(text -> {
            try {
                return Instant.parse(text);
            } catch (DateTimeException malformed) {
                throw invalid("field '" + field + "' is not an RFC 3339 time in UTC: '" + text + "'");
            }
        });
    }

    JsonNode node(String field) {
        return node.path(field);
    }
}
