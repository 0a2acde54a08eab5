package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** What a policy would do, volume by volume, with its reasons. */
final class PolicyPreview {
    private static final String INDENT = "  ";
    private static final String ACTION = "action";
    private static final List<Column> COLUMNS = List.of(
            Column.text("ACTION", ACTION),
            Column.text("LABEL", "label"),
            Column.of("CREATED", Kind.TIME, "created"),
            new Column("WHY", Kind.LIST, PolicyPreview::why));

    private final Output output;

    PolicyPreview(Output output) {
        this.output = output;
    }

    void print(String policy, Answer answer) {
        switch (output.form()) {
            case JSON -> output.unchanged(answer);
            case PLAIN -> printPlain(answer.json());
            case TERMINAL -> printForPeople(policy, answer.json());
        }
    }

    private void printForPeople(String policy, JsonNode preview) {
        int removed = 0;
        int braked = 0;
        List<String> lines = new ArrayList<>();
        for (JsonNode volume : preview.path("volumes")) {
            addVolume(lines, volume);
            removed += volume.path("remove").size();
            braked += volume.hasNonNull("brake") ? 1 : 0;
        }
        output.lines(lines);
        output.remark(closing(policy, PlanToken.of(preview), lines.isEmpty(), removed, braked > 0));
    }

    private static void addVolume(List<String> lines, JsonNode volume) {
        JsonNode gone = volume.path("remove");
        JsonNode kept = volume.path("keep");
        String going = gone.isEmpty() ? "nothing would go" : gone.size() + " would go";
        lines.add((lines.isEmpty() ? "" : "\n") + name(volume) + ": " + going + freed(volume) + ", " + kept.size()
                + " would stay");
        if (volume.hasNonNull("brake")) {
            lines.add(INDENT + "the brake holds: " + Texts.line(Json.text(volume, "brake")));
        }
        if (volume.has("removesToo")) {
            lines.add(INDENT + "besides what goes today: " + Kind.LIST.show(volume.path("removesToo"), true));
            lines.add(INDENT + "stays, though it goes today: " + Kind.LIST.show(volume.path("keepsToo"), true));
        }
        Table table = new Table(COLUMNS);
        gone.forEach(snapshot -> table.add(withAction("remove", snapshot)));
        kept.forEach(snapshot -> table.add(withAction("keep", snapshot)));
        table.lines().forEach(line -> lines.add(INDENT + line));
    }

    private static String freed(JsonNode volume) {
        JsonNode bytes = volume.path("freesAtLeast");
        return bytes.isNumber() ? " (at least " + Sizes.human(bytes.asLong()) + " come back)" : "";
    }

    private static JsonNode withAction(String action, JsonNode snapshot) {
        ObjectNode row = snapshot.deepCopy();
        return row.put(ACTION, action);
    }

    private static String closing(String policy, String token, boolean nothingMatched, int removed, boolean braked) {
        if (nothingMatched) {
            return "the policy matches no volume";
        }
        if (removed == 0) {
            return "nothing would be removed";
        }
        if (token.isEmpty()) {
            return "\nNothing is set or removed. To set it: varve policy apply -f FILE";
        }
        String snapshots = removed == 1 ? "this snapshot" : "these " + removed + " snapshots";
        String call = "varve policy run " + policy + " --plan " + token;
        return "\nTo remove exactly " + snapshots + (braked ? " in spite of the brake" : "") + ": " + call;
    }

    private void printPlain(JsonNode preview) {
        for (JsonNode volume : preview.path("volumes")) {
            printPlain("remove", volume);
            printPlain("keep", volume);
            if (volume.path("freesAtLeast").isNumber()) {
                output.row("frees", name(volume), volume.path("freesAtLeast").asText());
            }
            if (volume.hasNonNull("brake")) {
                output.row("brake", name(volume), Json.text(volume, "brake"));
            }
        }
        if (preview.has("token")) {
            output.row("token", PlanToken.of(preview));
        }
    }

    private void printPlain(String action, JsonNode volume) {
        for (JsonNode snapshot : volume.path(action)) {
            String reasons = Kind.LIST.show(why(snapshot), false);
            output.row(action, name(volume), Json.text(snapshot, "label"), reasons);
        }
    }

    private static String name(JsonNode volume) {
        return VolumeReference.of(volume, "volume").toString();
    }

    private static JsonNode why(JsonNode snapshot) {
        return snapshot.has("reasons") ? snapshot.path("reasons") : snapshot.path("reason");
    }
}
