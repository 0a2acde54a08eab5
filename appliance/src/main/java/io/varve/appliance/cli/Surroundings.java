package io.varve.appliance.cli;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/** The world around one call of the command line. */
record Surroundings(
        InputStream in,
        PrintStream out,
        PrintStream err,
        Map<String, String> environment,
        Terminals terminals,
        Clock clock) {
    Surroundings {
        environment = Map.copyOf(environment);
    }
}
