package io.varve.appliance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/** Sends an archive from a file or from standard input. */
final class ArchiveSource {
    private static final int UNKNOWN = -1;

    private final Session session;

    ArchiveSource(Session session) {
        this.session = session;
    }

    Answer send(ApiPath path, Optional<Path> file, String title) {
        Optional<Path> named = file.filter(name -> !name.toString().equals("-"));
        return named.isPresent() ? sendFile(path, named.get(), title) : sendStandardInput(path, title);
    }

    private Answer sendStandardInput(ApiPath path, String title) {
        if (session.surroundings().terminals().in()) {
            throw session.usage("an archive is expected on standard input: name a FILE, or pipe one in");
        }
        try (InputStream in = session.metered(session.surroundings().in(), title, UNKNOWN)) {
            return session.client().upload(path, ExportCommand.TAR, in, UNKNOWN);
        } catch (IOException failed) {
            throw CommandFailure.local("cannot read standard input", failed);
        }
    }

    private Answer sendFile(ApiPath path, Path file, String title) {
        try (InputStream in = open(file)) {
            long length = Files.isRegularFile(file) ? Files.size(file) : UNKNOWN;
            try (InputStream metered = session.metered(in, title, length)) {
                return session.client().upload(path, ExportCommand.TAR, metered, length);
            }
        } catch (IOException failed) {
            throw CommandFailure.local("cannot read " + file, failed);
        }
    }

    private static InputStream open(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw CommandFailure.local("cannot read " + file + ": it is a directory");
        }
        return Files.newInputStream(file);
    }
}
