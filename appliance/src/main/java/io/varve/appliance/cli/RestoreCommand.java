package io.varve.appliance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;

@Command(
        name = "restore",
        description = "Copy a file or a directory tree out of a snapshot. The volume itself is not touched.",
        footer = {
            "varve restore app before-upgrade etc/app.conf --to /tmp",
            "varve restore app before-upgrade / --to /srv/copy"
        })
final class RestoreCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
    VolumeReference volume;

    @Parameters(index = "1", paramLabel = "LABEL", description = SnapshotCommands.LABEL_HELP)
    String label;

    @Parameters(
            index = "2",
            paramLabel = "PATH",
            description = "What to copy, from the snapshot's root; / is everything.")
    String path;

    @Option(
            names = "--to",
            paramLabel = "DIR",
            required = true,
            description = "The directory to put it into, under its own name; made if it is not there.")
    Path directory;

    @Option(names = "--overwrite", description = "Replace files that are there. Without it they are an error.")
    boolean overwrite;

    RestoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        SnapshotFiles files = new SnapshotFiles(session, volume.snapshot(label));
        TreeRestorer restorer = new TreeRestorer(files, overwrite);
        long count = restorer.restore(SnapshotFiles.normal(path), directory);
        session.output().remark(count + (count == 1 ? " file" : " files") + " restored below " + directory);
        if (!restorer.skipped().isEmpty()) {
            throw CommandFailure.local(
                    "not restored: " + String.join(", ", restorer.skipped()),
                    "Devices, sockets and pipes have no content to fetch: use varve export.");
        }
    }
}
