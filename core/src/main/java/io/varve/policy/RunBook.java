package io.varve.policy;

import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;
import java.util.Set;

/** When each policy last ran, so that runs missed while the appliance was down are noticed. */
public final class RunBook {
    private static final String SUFFIX = ".last-run";

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

    /** Forgets when a policy ran: one of the same name that comes later is another. */
    void forget(String policy) {
        try {
            DurableFiles.delete(file(policy));
        } catch (IOException failure) {
            throw KernelException.storage("cannot forget when policy '" + policy + "' last ran", failure);
        }
    }

    /** Forgets all runs but those of these policies. */
    void forgetAllBut(Set<String> policies) {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory, "*" + SUFFIX)) {
            for (Path file : files) {
                String name = file.getFileName().toString();
                String policy = name.substring(0, name.length() - SUFFIX.length());
                if (!policies.contains(policy)) {
                    forget(policy);
                }
            }
        } catch (IOException failure) {
            throw KernelException.storage("cannot forget the runs of policies that are gone", failure);
        }
    }

    private Path file(String policy) {
        return directory.resolve(policy + SUFFIX);
    }
}
