package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;

/** One column of a list: its title and how its value is taken from an item. */
record Column(String title, Kind kind, Function<JsonNode, JsonNode> value) {
    static Column of(String title, Kind kind, String field) {
        return new Column(title, kind, item -> item.path(field));
    }

    static Column text(String title, String field) {
        return of(title, Kind.TEXT, field);
    }

    /** A column for every field the items have, for lists whose fields are not known here. */
    static List<Column> ofFields(Iterable<JsonNode> items) {
        Map<String, Kind> kinds = new LinkedHashMap<>();
        for (JsonNode item : items) {
            for (Map.Entry<String, JsonNode> field : item.properties()) {
                if (!Json.isBlank(field.getValue())) {
                    kinds.putIfAbsent(field.getKey(), Kind.guess(field.getKey(), field.getValue()));
                }
            }
        }
        List<Column> columns = new ArrayList<>();
        kinds.forEach((field, kind) -> columns.add(of(field.toUpperCase(Locale.ROOT), kind, field)));
        return columns;
    }

    String show(JsonNode item, boolean forPeople) {
        return kind.show(value.apply(item), forPeople);
    }
}
