package io.varve.appliance.cli;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;

/** Reads a stream of events as the HTML standard lays it out ("Server-sent events", parsing an event stream). */
final class ServerSentEvents {
    private ServerSentEvents() {}

    /** Gives the data of each event on, until the stream ends. An event cut off by the end does not count. */
    static void read(InputStream stream, Consumer<String> data) throws IOException {
        BufferedReader reader = new BufferedReader(new InputStreamReader(stream, StandardCharsets.UTF_8));
        StringBuilder event = new StringBuilder();
        for (String line = reader.readLine(); line != null; line = reader.readLine()) {
            if (line.isEmpty()) {
                dispatch(event, data);
            } else if (line.startsWith("data:")) {
                String value = line.substring("data:".length());
                event.append(event.isEmpty() ? "" : "\n").append(value.startsWith(" ") ? value.substring(1) : value);
            }
        }
    }

    private static void dispatch(StringBuilder event, Consumer<String> data) {
        if (!event.isEmpty()) {
            data.accept(event.toString());
            event.setLength(0);
        }
    }
}
