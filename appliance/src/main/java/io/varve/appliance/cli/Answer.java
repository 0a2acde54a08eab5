package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;

import java.io.IOException;
import java.nio.charset.StandardCharsets;

/** An answer of success, read whole. */
final class Answer {
    static final int CREATED = 201;

    private final String call;
    private final int status;
    private final byte[] content;

    Answer(String call, int status, byte[] content) {
        this.call = call;
        this.status = status;
        this.content = content.clone();
    }

    /** Method and path, for messages. */
    String call() {
        return call;
    }

    int status() {
        return status;
    }

    boolean isEmpty() {
        return content.length == 0;
    }

    String text() {
        return new String(content, StandardCharsets.UTF_8);
    }

    /** @throws CommandFailure where it is not JSON */
    JsonNode json() {
        try {
            return Json.parse(content);
        } catch (IOException notJson) {
            throw unreadable("is not JSON");
        }
    }

    CommandFailure unreadable(String why) {
        return new CommandFailure(
                Problem.of("HTTP_" + status, "Unreadable answer", "the answer to " + call + " " + why),
                ExitStatus.FAILED);
    }
}
