package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/** How a value is shown: for people, or for programs that read columns. */
enum Kind {
    TEXT,
    NUMBER,
    SIZE,
    TIME,
    FLAG,
    LIST;

    /** What stands where there is nothing, so that columns keep their places. */
    static final String NOTHING = "-";

    private static final Pattern SIZE_NAME = Pattern.compile(
            ".*([bB]ytes|[sS]ize|[uU]sage)|used|free|total|available|exclusive|(pool|filesystem)\\w*(Total|Used|Available|Free)");

    /** The kind a field nobody described most likely has. */
    static Kind guess(String field, JsonNode value) {
        if (value.isArray()) {
            return LIST;
        }
        if (value.isBoolean()) {
            return FLAG;
        }
        if (value.isNumber()) {
            boolean size = value.isIntegralNumber() && SIZE_NAME.matcher(field).matches();
            return size ? SIZE : NUMBER;
        }
        return value.isTextual() && Times.isTime(value.textValue()) ? TIME : TEXT;
    }

    boolean isRightAligned() {
        return this == NUMBER || this == SIZE;
    }

    String show(JsonNode value, boolean forPeople) {
        if (Json.isBlank(value) || (value.isArray() && value.isEmpty())) {
            return NOTHING;
        }
        return Texts.line(
                switch (this) {
                    case SIZE -> forPeople && value.canConvertToLong() ? Sizes.human(value.longValue()) : plain(value);
                    case TIME -> forPeople ? Times.human(value.asText()) : value.asText();
                    case FLAG -> value.isBoolean() ? (value.booleanValue() ? "yes" : "no") : plain(value);
                    case LIST -> list(value);
                    case TEXT, NUMBER -> plain(value);
                });
    }

    private static String list(JsonNode value) {
        List<String> parts = new ArrayList<>();
        if (value.isArray()) {
            value.forEach(part -> parts.add(plain(part)));
        } else {
            parts.add(plain(value));
        }
        return String.join(", ", parts);
    }

    private static String plain(JsonNode value) {
        return value.isValueNode() ? value.asText() : Json.compact(value);
    }
}
