package io.varve.appliance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Optional;

@Command(
        name = "import",
        description =
                "Read a tar archive into a snapshot of a volume; the volume is made if there is none. In a pipe it prints the label alone.",
        footer = {
            "varve import app before-upgrade app.tar",
            "zstd -dc app.tar.zst | varve import app before-upgrade",
            "ssh other varve export app monday | varve import app monday"
        })
final class ImportCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "VOLUME", description = VolumeCommands.VOLUME_HELP)
    VolumeReference volume;

    @Parameters(index = "1", paramLabel = "LABEL", description = "A label for the snapshot.")
    String label;

    @Parameters(
            index = "2",
            arity = "0..1",
            paramLabel = "FILE",
            description = "The archive. Default, or -: standard input.")
    Optional<Path> file;

    ImportCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        ApiPath path = volume.path().then("archives", label);
        Answer answer = new ArchiveSource(session).send(path, file, "import " + volume + " " + label);
        String made = Json.text(answer.json(), "label");
        session.output().done(answer, "snapshot " + made + " of " + volume + " is imported", made);
    }
}
