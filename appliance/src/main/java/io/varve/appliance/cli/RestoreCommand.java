package io.varve.appliance.cli;

import io.varve.archive.ArchiveExtraction;
import io.varve.archive.ArchiveResult;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.InputStream;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.stream.Collectors;

@Command(
        name = "restore",
        description =
                "Copy a file or a directory tree out of a snapshot. Hard links, holes, attributes, times and, for root, owners are kept. The volume itself is not touched.",
        footer = {
            "varve restore app before-upgrade etc/app.conf --to /tmp",
            "varve restore app before-upgrade / --to /srv/copy"
        })
final class RestoreCommand implements Runnable {
    private static final int SHOWN = 10;
    private static final String[] OVERWRITE = {"With --overwrite files are replaced and directories merged."};

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

    @Option(
            names = "--overwrite",
            description = "Replace files that are there and merge directories. Without it they are an error.")
    boolean overwrite;

    RestoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        String part = normal(path);
        ApiPath archive = volume.snapshot(label).then("archive").query("path", part);
        ArchiveResult result = session.client().download(archive, ExportCommand.TAR, (body, length) -> {
            try (InputStream metered = session.metered(body, "restore " + volume + " " + label, length)) {
                return extract(metered, part);
            }
        });
        report(result);
    }

    private ArchiveResult extract(InputStream archive, String part) {
        try (Interruption interruption = Interruption.awaited()) {
            return ArchiveExtraction.extract(archive, part, directory, overwrite, interruption);
        } catch (StorageException failure) {
            String[] hint = overwrite || failure.code() != ErrorCode.REQUEST_INVALID ? new String[0] : OVERWRITE;
            Problem problem =
                    Problem.of(failure.code().name(), "Not restored", String.valueOf(failure.getMessage()), hint);
            throw new CommandFailure(problem, ExitStatus.FAILED, failure);
        }
    }

    private void report(ArchiveResult result) {
        session.output().remark("restored into " + directory + ", " + Sizes.human(result.bytes()) + " were sent");
        result.warnings().stream()
                .limit(SHOWN)
                .forEach(warning -> session.output().err().println("varve: " + Texts.line(warning)));
        long more = result.warningCount() - SHOWN;
        if (more > 0) {
            session.output().err().println("varve: and " + more + " more like these");
        }
    }

    /** The path without empty steps and steps to itself; a step up is refused by the appliance. */
    static String normal(String path) {
        return Arrays.stream(path.split("/", -1))
                .filter(step -> !step.isEmpty() && !step.equals("."))
                .collect(Collectors.joining("/"));
    }
}
