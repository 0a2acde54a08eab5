package io.varve.appliance.cli;

import java.util.Locale;
import java.util.Map;

/**
 * A request as it came over the wire.
 *
 * @param whole whether the body came to its proper end
 */
record Received(String method, String target, Map<String, String> headers, String body, boolean whole) {
    /** As a test reads it: {@code POST /api/v1/stores {"name":"a"}}. */
    String line() {
        return (method + " " + target + " " + body).strip();
    }

    String header(String name) {
        return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }
}
