package io.varve.appliance.cli;

import picocli.CommandLine.Command;

import java.util.List;

@Command(
        name = "iostat",
        description = "Show how the disks of the appliance's host were used lately.",
        footer = "varve iostat")
final class IostatCommand implements Runnable {
    private static final List<Column> COLUMNS = List.of(
            Column.text("DEVICE", "device"),
            Column.of("READS/S", Kind.NUMBER, "readsPerSecond"),
            Column.of("WRITES/S", Kind.NUMBER, "writesPerSecond"),
            Column.of("READ/S", Kind.SIZE, "readBytesPerSecond"),
            Column.of("WRITTEN/S", Kind.SIZE, "writtenBytesPerSecond"),
            Column.of("AWAIT MS", Kind.NUMBER, "await"),
            Column.of("BUSY %", Kind.NUMBER, "busyPercent"));

    private final Session session;

    IostatCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.list(ApiPath.of("iostat"), COLUMNS, "no figures yet");
    }
}
