package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.StreamSupport;

/** One object as {@code key: value} lines; what it contains is indented below its key. */
final class Details {
    private static final String INDENT = "  ";

    private final boolean forPeople;

    Details(boolean forPeople) {
        this.forPeople = forPeople;
    }

    List<String> lines(JsonNode value) {
        List<String> lines = new ArrayList<>();
        if (value.isObject()) {
            addFields(lines, value, "");
        } else if (isTable(value)) {
            addTable(lines, value, "");
        } else {
            lines.add(Kind.guess("", value).show(value, forPeople));
        }
        return lines;
    }

    private void addFields(List<String> lines, JsonNode object, String indent) {
        int width = object.properties().stream()
                .filter(field -> !isNested(field.getValue()))
                .mapToInt(field -> Texts.width(Texts.line(field.getKey())))
                .max()
                .orElse(0);
        for (Map.Entry<String, JsonNode> field : object.properties()) {
            addField(lines, field.getKey(), field.getValue(), indent, forPeople ? width : 0);
        }
    }

    private void addField(List<String> lines, String name, JsonNode value, String indent, int width) {
        String key = Texts.line(name) + ":";
        if (!isNested(value)) {
            String blanks = " ".repeat(Math.max(1, width + 3 - Texts.width(key)));
            lines.add(indent + key + (forPeople ? blanks : " ") + show(name, value));
            return;
        }
        lines.add(indent + key);
        if (value.isObject()) {
            addFields(lines, value, indent + INDENT);
        } else {
            addTable(lines, value, indent + INDENT);
        }
    }

    private String show(String field, JsonNode value) {
        Kind kind = Kind.guess(field, value);
        String shown = kind.show(value, forPeople);
        boolean rounded = forPeople && kind == Kind.SIZE && !shown.endsWith(" B");
        return rounded ? shown + " (" + value.asText() + " bytes)" : shown;
    }

    private void addTable(List<String> lines, JsonNode array, String indent) {
        List<Column> columns = Column.ofFields(array);
        if (forPeople) {
            Table table = new Table(columns);
            array.forEach(table::add);
            table.lines().forEach(line -> lines.add(indent + line));
        } else {
            array.forEach(item -> lines.add(indent + Output.plainLine(columns, item)));
        }
    }

    private static boolean isNested(JsonNode value) {
        return (value.isObject() && !value.isEmpty()) || isTable(value);
    }

    private static boolean isTable(JsonNode value) {
        return value.isArray()
                && !value.isEmpty()
                && StreamSupport.stream(value.spliterator(), false).allMatch(JsonNode::isObject);
    }
}
