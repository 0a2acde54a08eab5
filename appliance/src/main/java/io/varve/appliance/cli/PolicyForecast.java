package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** What there will be, volume by volume: what goes until then and when, what stays and what comes. */
final class PolicyForecast {
    private static final String INDENT = "  ";
    private static final List<Column> COLUMNS = List.of(
            Column.text("WILL", "action"),
            Column.text("LABEL", "label"),
            Column.of("CREATED", Kind.TIME, "created"),
            Column.of("REMOVED", Kind.TIME, "removed"),
            new Column("WHY", Kind.LIST, item -> item.has("reasons") ? item.path("reasons") : item.path("reason")));

    private final Output output;

    PolicyForecast(Output output) {
        this.output = output;
    }

    void print(Answer answer) {
        JsonNode forecast = answer.json();
        switch (output.form()) {
            case JSON -> output.unchanged(answer);
            case PLAIN ->
                forecast.path("volumes").forEach(volume -> rows(volume)
                        .forEach(row -> output.row(
                                Json.text(row, "action"),
                                name(volume),
                                COLUMNS.get(1).show(row, false),
                                COLUMNS.get(2).show(row, false),
                                COLUMNS.get(3).show(row, false),
                                COLUMNS.get(4).show(row, false))));
            case TERMINAL -> forecast.path("volumes").forEach(this::printForPeople);
        }
        if (forecast.path("volumes").isEmpty()) {
            output.remark("the policy matches no volume");
        }
    }

    private void printForPeople(JsonNode volume) {
        String braked = volume.path("braked").asInt() == 0
                ? ""
                : ", of which the brake stops " + volume.path("braked").asInt();
        output.lines(List.of(name(volume) + ": " + volume.path("keep").size() + " will be there after "
                + volume.path("runs").asInt() + " runs" + braked));
        if (volume.hasNonNull("failure")) {
            output.lines(List.of(INDENT + Texts.line(Json.text(volume.path("failure"), "detail"))));
        }
        Table table = new Table(COLUMNS);
        rows(volume).forEach(table::add);
        output.lines(table.lines().stream().map(line -> INDENT + line).toList());
    }

    private static List<JsonNode> rows(JsonNode volume) {
        List<JsonNode> rows = new ArrayList<>();
        volume.path("remove").forEach(gone -> rows.add(row("go", gone)));
        volume.path("keep").forEach(kept -> rows.add(row(kept.path("isNew").asBoolean() ? "come" : "stay", kept)));
        return rows;
    }

    private static JsonNode row(String action, JsonNode snapshot) {
        ObjectNode row = snapshot.deepCopy();
        return row.put("action", action);
    }

    private static String name(JsonNode volume) {
        return VolumeReference.of(volume, "volume").toString();
    }
}
