package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.util.ArrayList;
import java.util.List;

/** What a destructive call would do: its effects, what goes, what is in the way, and how to do exactly that. */
final class PlanReport {
    private static final String INDENT = "  ";
    private static final List<Column> REMOVED = List.of(
            Column.text("GOES", "label"),
            Column.text("KIND", "kind"),
            Column.of("CREATED", Kind.TIME, "created"),
            Column.of("TAGS", Kind.LIST, "tags"),
            Column.text("MESSAGE", "message"));

    private final Output output;

    PlanReport(Output output) {
        this.output = output;
    }

    /** @param call the command that was tried, as it is typed; with the plan's token it is done */
    void print(Answer answer, String call) {
        switch (output.form()) {
            case JSON -> output.unchanged(answer);
            case PLAIN -> printPlain(answer.json());
            case TERMINAL -> printForPeople(answer.json(), call);
        }
    }

    private void printForPeople(JsonNode plan, String call) {
        List<String> lines = new ArrayList<>();
        addAll(lines, "This would happen:", plan.path("effects"));
        if (!plan.path("removes").isEmpty()) {
            Table table = new Table(REMOVED);
            plan.path("removes").forEach(table::add);
            lines.add("");
            table.lines().forEach(line -> lines.add(INDENT + line));
        }
        if (!plan.path("obstacles").isEmpty()) {
            lines.add("");
            addAll(lines, "As things are it would be refused:", plan.path("obstacles"));
        }
        output.lines(lines);
        output.remark("");
        output.remark("Nothing was done. To do exactly this: " + call + " --plan " + PlanToken.of(plan));
    }

    private static void addAll(List<String> lines, String title, JsonNode texts) {
        lines.add(title);
        texts.forEach(text -> lines.add(INDENT + Texts.line(text.asText())));
    }

    private void printPlain(JsonNode plan) {
        plan.path("effects").forEach(effect -> output.row("effect", effect.asText()));
        plan.path("removes")
                .forEach(gone -> output.row("remove", Json.text(gone, "label"), Json.text(gone, "created")));
        plan.path("obstacles").forEach(obstacle -> output.row("obstacle", obstacle.asText()));
        output.row("token", PlanToken.of(plan));
    }
}
