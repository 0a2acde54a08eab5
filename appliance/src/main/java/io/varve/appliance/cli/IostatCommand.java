package io.varve.appliance.cli;

import picocli.CommandLine.Command;

@Command(
        name = "iostat",
        description = "Show the latest disk figures: reads, writes and waiting per device.",
        footer = "varve iostat")
final class IostatCommand implements Runnable {
    private final Session session;

    IostatCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.listFields(ApiPath.of("iostat"), "no figures yet");
    }
}
