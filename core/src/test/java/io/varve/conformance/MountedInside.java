package io.varve.conformance;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/** A small filesystem mounted on a directory, which takes root. */
record MountedInside(Path point) implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    static MountedInside at(Path point) {
        assumeTrue(Kernel.isRoot(), "only root can mount");
        try {
            Files.createDirectories(point);
        } catch (IOException failure) {
            throw new AssertionError("cannot make " + point, failure);
        }
        mount(point, "1m");
        Rig.write(point.resolve("precious"), "on the other filesystem");
        return new MountedInside(point);
    }

    static void mount(Path point, String size) {
        run("mount", "-t", "tmpfs", "-o", "size=" + size, "varve-conformance", point.toString());
    }

    static void unmount(Path point) {
        run("umount", point.toString());
    }

    private static void run(String program, String... arguments) {
        List<String> command =
                new ArrayList<>(List.of(Commands.find(program).orElseThrow().toString()));
        command.addAll(List.of(arguments));
        Commands.run(command, DEADLINE).orThrow("cannot " + program);
    }

    String precious() {
        return Rig.read(point.resolve("precious"));
    }

    @Override
    public void close() {
        unmount(point);
    }
}
