package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.util.ArrayList;
import java.util.List;

/** What a policy did, volume by volume. Where something failed, so does the command. */
final class PolicyReport {
    private static final String VOLUME = "reference";
    private static final String WHAT = "what";
    private static final List<Column> COLUMNS = List.of(
            Column.text("VOLUME", VOLUME),
            Column.text("DONE", WHAT),
            Column.text("LABEL", "label"),
            Column.text("WHY", "reason"));

    private final Output output;

    PolicyReport(Output output) {
        this.output = output;
    }

    void print(String policy, Answer answer) {
        JsonNode report = answer.json();
        List<JsonNode> deeds = new ArrayList<>();
        List<String> failures = new ArrayList<>();
        for (JsonNode volume : report.path("volumes")) {
            addDeeds(deeds, volume);
            volume.path("failures").forEach(failure -> failures.add(text(volume, failure)));
        }
        switch (output.form()) {
            case JSON -> output.unchanged(answer);
            case PLAIN, TERMINAL -> output.list(deeds.iterator(), COLUMNS, nothing(report, failures));
        }
        if (!failures.isEmpty()) {
            throw failure(policy, failures);
        }
    }

    private static String nothing(JsonNode report, List<String> failures) {
        if (report.path("volumes").isEmpty()) {
            return "the policy matches no volume";
        }
        return failures.isEmpty() ? "nothing was to be done" : "nothing was done";
    }

    private static void addDeeds(List<JsonNode> deeds, JsonNode volume) {
        if (volume.hasNonNull("taken")) {
            deeds.add(deed(volume, "taken", Json.text(volume, "taken"), ""));
        }
        if (volume.hasNonNull("unchanged")) {
            deeds.add(deed(volume, "unchanged", Json.text(volume, "unchanged"), "it holds all there is"));
        }
        volume.path("removed")
                .forEach(gone ->
                        deeds.add(deed(volume, "removed", Json.text(gone, "label"), Json.text(gone, "reason"))));
    }

    private static ObjectNode deed(JsonNode volume, String what, String label, String reason) {
        return Json.object()
                .put(VOLUME, name(volume))
                .put(WHAT, what)
                .put("label", label)
                .put("reason", reason);
    }

    private static String name(JsonNode volume) {
        return VolumeReference.of(volume, "volume").toString();
    }

    private static String text(JsonNode volume, JsonNode failure) {
        return name(volume) + ": " + Json.text(failure, "step") + " failed: " + Json.text(failure, "detail") + " ["
                + Json.text(failure, "code") + "]";
    }

    private static CommandFailure failure(String policy, List<String> failures) {
        String detail = "policy " + policy + " failed on some volumes:\n  " + String.join("\n  ", failures);
        return new CommandFailure(Problem.of("POLICY_FAILED", "Policy failed", detail), ExitStatus.FAILED);
    }
}
