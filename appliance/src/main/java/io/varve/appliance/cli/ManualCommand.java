package io.varve.appliance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

@Command(
        name = "manual",
        description = "Print the manual page of all commands, for man.",
        footer = {"varve manual > /usr/local/share/man/man1/varve.1", "varve manual > varve.1"})
final class ManualCommand implements Runnable {
    private final Session session;

    @Spec
    CommandSpec spec;

    ManualCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.output().out().print(new ManualPage(spec.root()).text());
    }
}
