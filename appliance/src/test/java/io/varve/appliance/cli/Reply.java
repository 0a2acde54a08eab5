package io.varve.appliance.cli;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** What the appliance of a test answers. */
record Reply(int status, String mediaType, Body body) {
    /** Writes the body, as long as it likes. */
    @FunctionalInterface
    interface Body {
        void writeTo(OutputStream out) throws IOException;
    }

    static Reply json(String json) {
        return json(200, json);
    }

    static Reply json(int status, String json) {
        return of(status, "application/json", json);
    }

    static Reply problem(int status, String json) {
        return of(status, "application/problem+json", json);
    }

    static Reply text(String text) {
        return of(200, "text/plain", text);
    }

    static Reply empty() {
        return new Reply(204, "", out -> {});
    }

    static Reply stream(String mediaType, Body body) {
        return new Reply(200, mediaType, body);
    }

    private static Reply of(int status, String mediaType, String text) {
        return new Reply(status, mediaType, out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }
}
