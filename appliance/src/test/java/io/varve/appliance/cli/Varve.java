package io.varve.appliance.cli;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;

/** Calls the command line as a process would, its surroundings chosen by the test. */
record Varve(Map<String, String> environment, Terminals terminals, InputStream in) {
    static final Instant NOW = Instant.parse("2026-11-01T12:00:00.5Z");
    private static final Terminals PERSON = new Terminals(true, true, true);

    static Varve at(Path socket) {
        return new Varve(
                Map.of("VARVE_SOCKET", socket.toString()), Terminals.NONE, new ByteArrayInputStream(new byte[0]));
    }

    /** With a terminal on all three streams. */
    Varve onTerminal() {
        return withTerminals(PERSON);
    }

    Varve withTerminals(Terminals chosen) {
        return new Varve(environment, chosen, in);
    }

    Varve reading(InputStream source) {
        return new Varve(environment, terminals, source);
    }

    Varve reading(String text) {
        return reading(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
    }

    Outcome call(String... arguments) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ByteArrayOutputStream err = new ByteArrayOutputStream();
        int status = call(new PrintStream(out), new PrintStream(err), arguments);
        return new Outcome(status, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    int call(PrintStream out, PrintStream err, String... arguments) {
        Clock clock = Clock.fixed(NOW, ZoneOffset.UTC);
        Surroundings surroundings = new Surroundings(in, out, err, environment, terminals, clock);
        return CommandLineInterface.run(List.of(arguments), surroundings, new NoHost());
    }
}
