package io.varve.appliance.cli;

import java.util.List;

/** What a call of the command line came to. */
record Outcome(int status, String out, String err) {
    List<String> outLines() {
        return out.lines().toList();
    }

    List<String> errLines() {
        return err.lines().toList();
    }
}
