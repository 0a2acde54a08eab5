package io.varve.appliance.cli;

import com.fasterxml.jackson.databind.JsonNode;
import picocli.CommandLine.Command;
import picocli.CommandLine.Parameters;

import java.nio.file.Path;
import java.util.Optional;

@Command(
        name = "verify",
        description = "Check a tar archive: show its manifest and what is wrong with it. Writes nothing.",
        footer = {"varve verify app.tar", "zstd -dc app.tar.zst | varve verify -"})
final class VerifyCommand implements Runnable {
    private final Session session;

    @Parameters(index = "0", paramLabel = "FILE", description = "The archive; - is standard input.")
    Path file;

    VerifyCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        Answer answer =
                new ArchiveSource(session).send(ApiPath.of("archives", "verify"), Optional.of(file), "verify " + file);
        session.output().details(answer);
        JsonNode verdict = answer.json().path("valid");
        if (verdict.isBoolean() && !verdict.booleanValue()) {
            throw new CommandFailure(
                    Problem.of("ARCHIVE_INVALID", "Archive invalid", file + " is not a sound archive"),
                    ExitStatus.FAILED);
        }
    }
}
