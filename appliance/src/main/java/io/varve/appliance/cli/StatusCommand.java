package io.varve.appliance.cli;

import picocli.CommandLine.Command;

@Command(
        name = "status",
        description = "Show how the appliance and its stores are.",
        footer = {"varve status", "varve store status fast   # one store's space and pool"})
final class StatusCommand implements Runnable {
    private final Session session;

    StatusCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.show(ApiPath.of("status"));
    }
}
