package io.varve.policy;

import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** When each policy last ran, so that runs missed while the appliance was down are noticed. */
public final class RunBook {
    private final Path directory;

    public RunBook(Path directory) {
        this.directory = directory;
    }

    /** Empty for a policy that never ran. */
    public Optional<Instant> lastRun(String policy) {
        try {
            return Optional.of(Instant.parse(
                    Files.readString(file(policy), StandardCharsets.UTF_8).strip()));
        } catch (NoSuchFileException | DateTimeException neverOrDamaged) {
            return Optional.empty();
        } catch (IOException failure) {
            throw KernelException.storage("cannot read when policy '" + policy + "' last ran", failure);
        }
    }

    public void ran(String policy, Instant time) {
        try {
            DurableFiles.makeDirectories(directory);
            DurableFiles.replace(file(policy), (time + "\n").getBytes(StandardCharsets.UTF_8));
        } catch (IOException failure) {
            throw KernelException.storage("cannot record that policy '" + policy + "' ran", failure);
        }
    }

    private Path file(String policy) {
        return directory.resolve(policy + ".last-run");
    }
}
