package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;

import java.util.ArrayList;
import java.util.List;

/** What a policy would do, volume by volume, with its reasons. */
final class PolicyPreview {
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
        List<String> lines = new ArrayList<>();
        for (JsonNode volume : volumes(preview)) {
            lines.add(Texts.line(name(volume)));
            addAction(lines, "remove", volume.path("remove"));
            addAction(lines, "keep", volume.path("keep"));
            removed += volume.path("remove").size();
        }
        output.lines(lines);
        output.remark(closing(policy, PlanToken.of(preview), lines.isEmpty(), removed));
    }

    private static String closing(String policy, String token, boolean nothingMatched, int removed) {
        if (nothingMatched) {
            return "the policy matches no volume";
        }
        if (removed == 0) {
            return "nothing would be removed";
        }
        String snapshots = removed == 1 ? "this snapshot" : "these " + removed + " snapshots";
        String plan = token.isEmpty() ? "" : " --plan " + token;
        return "To remove exactly " + snapshots + ": varve policy run " + policy + plan;
    }

    private static void addAction(List<String> lines, String action, JsonNode snapshots) {
        lines.add("  " + action + " " + snapshots.size());
        int width = 0;
        for (JsonNode snapshot : snapshots) {
            width = Math.max(width, Texts.width(label(snapshot)));
        }
        for (JsonNode snapshot : snapshots) {
            String blanks = " ".repeat(width - Texts.width(label(snapshot)));
            lines.add(("    " + label(snapshot) + blanks + "  " + why(snapshot)).stripTrailing());
        }
    }

    private void printPlain(JsonNode preview) {
        for (JsonNode volume : volumes(preview)) {
            printPlain("remove", volume);
            printPlain("keep", volume);
        }
        if (!PlanToken.of(preview).isEmpty()) {
            output.out().println("token\t" + Texts.line(PlanToken.of(preview)));
        }
    }

    private void printPlain(String action, JsonNode volume) {
        for (JsonNode snapshot : volume.path(action)) {
            output.out().println(String.join("\t", action, Texts.line(name(volume)), label(snapshot), why(snapshot)));
        }
    }

    private static JsonNode volumes(JsonNode preview) {
        if (preview.has("keep") || preview.has("remove")) {
            ArrayNode alone = Json.MAPPER.createArrayNode();
            return alone.add(preview);
        }
        return preview.has("volumes") ? preview.path("volumes") : preview.path("items");
    }

    private static String name(JsonNode volume) {
        return VolumeReference.of(volume, volume.has("volume") ? "volume" : "name")
                .toString();
    }

    private static String label(JsonNode snapshot) {
        return Texts.line(Json.text(snapshot, "label"));
    }

    private static String why(JsonNode snapshot) {
        JsonNode reasons = snapshot.has("reasons") ? snapshot.path("reasons") : snapshot.path("reason");
        return Kind.LIST.show(reasons, true);
    }
}
