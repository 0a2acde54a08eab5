package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Why a call was not done: a problem document (RFC 9457), the appliance's own where it sent one.
 *
 * @param hint what to do about it, a line each; not part of the document
 */
record Problem(ObjectNode document, List<String> hint) {
    private static final Set<String> STANDARD = Set.of("type", "title", "status", "detail", "code", "instance");

    Problem {
        hint = List.copyOf(hint);
    }

    /** A problem found on this side. */
    static Problem of(String code, String title, String detail, String... hint) {
        ObjectNode document = Json.object();
        document.put("title", title).put("detail", detail).put("code", code);
        return new Problem(document, List.of(hint));
    }

    /** What an answer with a status of failure says; whatever came in between may have answered in its own way. */
    static Problem of(String call, int status, String reason, byte[] content) {
        try {
            if (Json.parse(content) instanceof ObjectNode document && document.has("code")) {
                return new Problem(document, List.of());
            }
        } catch (IOException notJson) {
            return foreign(call, status, reason);
        }
        return foreign(call, status, reason);
    }

    private static Problem foreign(String call, int status, String reason) {
        String answer = status + (reason.isBlank() ? "" : " " + reason);
        String detail = status == 404 || status == 405 || status == 501
                ? "this appliance does not know " + call + " (it answered " + answer + ")"
                : "the appliance answered " + answer + " to " + call;
        Problem problem = of("HTTP_" + status, reason, detail);
        problem.document().put("status", status);
        return problem;
    }

    String code() {
        return Json.text(document, "code");
    }

    String detail() {
        String detail = Json.text(document, "detail");
        return detail.isEmpty() ? Json.text(document, "title") : detail;
    }

    /** The names concerned, as {@code key: value}. */
    List<String> names() {
        List<String> names = new ArrayList<>();
        for (Map.Entry<String, JsonNode> field : document.properties()) {
            JsonNode value = field.getValue();
            if (!STANDARD.contains(field.getKey()) && !Json.isBlank(value)) {
                names.add(field.getKey() + ": " + (value.isValueNode() ? value.asText() : Json.compact(value)));
            }
        }
        return names;
    }
}
