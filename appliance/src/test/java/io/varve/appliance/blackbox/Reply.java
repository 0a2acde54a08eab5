package io.varve.appliance.blackbox;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.StreamSupport;

/** What the appliance answered to a call. */
final class Reply {
    private static final ObjectMapper JSON = new ObjectMapper();

    private final String call;
    private final int status;
    private final Map<String, String> headers;
    private final byte[] body;

    /** @param headers by name in lower case */
    Reply(String call, int status, Map<String, String> headers, byte[] body) {
        this.call = call;
        this.status = status;
        this.headers = Map.copyOf(headers);
        this.body = body.clone();
    }

    int status() {
        return status;
    }

    byte[] bytes() {
        return body.clone();
    }

    String text() {
        return new String(body, StandardCharsets.UTF_8);
    }

    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    JsonNode json() {
        try {
            return body.length == 0 ? MissingNode.getInstance() : JSON.readTree(body);
        } catch (IOException malformed) {
            throw new AssertionError(this + "\nis not JSON", malformed);
        }
    }

    String text(String field) {
        return json().path(field).asText();
    }

    /** A field of every item of a list. */
    List<String> items(String field) {
        return StreamSupport.stream(json().path("items").spliterator(), false)
                .map(item -> item.path(field).asText())
                .toList();
    }

    String code() {
        return header("content-type").startsWith("application/problem+json") ? text("code") : "";
    }

    Reply expect(int expected) {
        if (status != expected) {
            throw new AssertionError(this + "\nis not " + expected);
        }
        return this;
    }

    /** A problem document with everything the contract promises. */
    Reply refused(int expected, String code) {
        expect(expected);
        JsonNode problem = json();
        boolean whole = List.of("type", "title", "detail", "code", "instance").stream()
                .allMatch(field -> problem.path(field).isTextual()
                        && !problem.path(field).textValue().isBlank());
        if (!whole || problem.path("status").asInt() != expected || !code().equals(code)) {
            throw new AssertionError(this + "\nis not a problem with code " + code);
        }
        return this;
    }

    @Override
    public String toString() {
        return call + "\nanswered " + status + " " + headers + "\n" + text();
    }
}
