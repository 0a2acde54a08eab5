package io.varve.appliance.cli;

import picocli.CommandLine.Command;

@Command(name = "version", description = "Print the version of this program.", footer = "varve version")
final class VersionCommand implements Runnable {
    private final Session session;

    VersionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Output output = session.output();
        String line = "varve " + Version.NUMBER;
        output.out().println(session.json() ? Json.compact(Json.object().put("version", Version.NUMBER)) : line);
    }
}
