package io.varve.appliance;

import java.util.Map;

/** Starts the command line with this process's streams. */
final class CommandLineDoor {
    private CommandLineDoor() {}

    static int run(String[] arguments, Map<String, String> environment) {
        System.err.println(arguments.length + " " + environment.size());
        return 2;
    }
}
