package io.varve.appliance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.util.List;
import java.util.Optional;

@Command(
        name = "diff",
        description = "List what changed since a snapshot, up to another one or to the live volume.",
        footer = {"varve diff app before-upgrade", "varve diff app monday tuesday"})
final class DiffCommand implements Runnable {
    private static final List<Column> COLUMNS = List.of(
            Column.text("CHANGE", "change"),
            Column.of("BEFORE", Kind.SIZE, "oldSize"),
            Column.of("AFTER", Kind.SIZE, "newSize"),
            Column.text("PATH", "path"));

    private final Session session;

    @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
    VolumeReference volume;

    @Parameters(index = "1", paramLabel = "LABEL", description = SnapshotCommands.LABEL_HELP)
    String label;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "LABEL2",
            description = "The snapshot to compare with. Default: the live volume.")
    Optional<String> other;

    DiffCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        session.listPaged(volume.snapshot(label).then("diff").query("to", other), COLUMNS, "no differences");
    }
}
