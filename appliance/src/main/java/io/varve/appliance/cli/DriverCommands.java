package io.varve.appliance.cli;

import picocli.CommandLine.Command;

import java.util.List;

@Command(
        name = "driver",
        addMethodSubcommands = false,
        description = "See the storage drivers and whether they work on this host.",
        footer = "varve driver list")
final class DriverCommands {
    private static final List<Column> COLUMNS = List.of(
            Column.text("TYPE", "type"),
            Column.text("SOURCE", "source"),
            Column.of("HOSTED", Kind.FLAG, "hosted"),
            Column.of("AVAILABLE", Kind.FLAG, "available"),
            Column.of("CAPABILITIES", Kind.LIST, "capabilities"),
            Column.text("REASON", "reason"));

    private final Session session;

    DriverCommands(Session session) {
        this.session = session;
    }

    @Command(name = "list", description = "List the drivers: what they can do, and why one cannot work here.")
    void list() {
        session.list(ApiPath.of("drivers"), COLUMNS, "no drivers");
    }
}
