package io.varve.appliance.cli;

import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

@Command(
        name = "export",
        description = "Write a snapshot as a tar archive, to a file or to a pipe.",
        footer = {
            "varve export app before-upgrade -o app.tar",
            "varve export app tuesday --parent monday -o app-tuesday.tar",
            "varve export app before-upgrade --exclude 'cache/*' | zstd > app.tar.zst"
        })
final class ExportCommand implements Runnable {
    static final String TAR = "application/x-tar";

    private final Session session;

    @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
    VolumeReference volume;

    @Parameters(index = "1", paramLabel = "LABEL", description = SnapshotCommands.LABEL_HELP)
    String label;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "The file to write; it appears under this name when it is whole. Default: standard output.")
    @Nullable
    Path file;

    @Option(
            names = "--parent",
            paramLabel = "LABEL",
            description = "Write only what changed since this earlier snapshot.")
    Optional<String> parent;

    @Option(
            names = {"-x", "--exclude"},
            paramLabel = "PATTERN",
            description = "Leave out what matches; may be repeated.")
    List<String> excludes = List.of();

    ExportCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ApiPath path = volume.snapshot(label).then("archive").query("parent", parent);
        for (String pattern : excludes) {
            path = path.query("exclude", pattern);
        }
        if (file == null) {
            toStandardOutput(path);
        } else {
            toFile(path, file);
        }
    }

    private void toStandardOutput(ApiPath path) {
        if (session.surroundings().terminals().out()) {
            throw session.usage(
                    "an archive does not belong on a terminal: write it to a file with -o FILE, or to a pipe");
        }
        PrintStream out = session.surroundings().out();
        fetch(path, (bytes, length) -> {
            out.write(bytes, 0, length);
            if (out.checkError()) {
                throw CommandFailure.local("cannot write the archive to standard output; it is not whole");
            }
        });
    }

    private void toFile(ApiPath path, Path name) {
        try (NewFile target = NewFile.create(name)) {
            long bytes = fetch(path, target.sink());
            target.publish();
            session.output().remark(name + " holds " + label + " of " + volume + ", " + Sizes.human(bytes));
        } catch (IOException failed) {
            throw CommandFailure.local("cannot write " + name, failed);
        }
    }

    private long fetch(ApiPath path, Copying.Sink sink) {
        return session.client().download(path, TAR, (body, length) -> {
            try (InputStream metered = session.metered(body, "export " + volume + " " + label, length)) {
                return Copying.copy(metered, sink);
            }
        });
    }
}
