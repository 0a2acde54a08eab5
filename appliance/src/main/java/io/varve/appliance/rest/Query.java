package io.varve.appliance.rest;

import java.util.Optional;

/** Parameters of queries, read strictly: a preview that is misspelt must not become the real thing. */
final class Query {
    private Query() {}

    /** Whether a switch is on; absent is off, and anything but {@code true} and {@code false} is refused. */
    static boolean flag(String name, Optional<String> text) {
        return text.isPresent()
                && switch (text.get()) {
                    case "true" -> true;
                    case "false" -> false;
                    default -> throw Body.invalid("'" + name + "' is true or false, not '" + text.get() + "'");
                };
    }
}
