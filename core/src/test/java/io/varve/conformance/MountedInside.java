package io.varve.conformance;

import io.varve.linux.Commands;
import io.varve.linux.Kernel;
import io.varve.linux.MountTable;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

/**
 * A small filesystem mounted on a directory, which takes root.
 *
 * @param source its name in the mount table, by which it is found wherever its directory was moved
 */
record MountedInside(Path point, String source) implements AutoCloseable {
    private static final Duration DEADLINE = Duration.ofSeconds(20);

    static MountedInside at(Path point) {
        try {
            Files.createDirectories(point);
        } catch (IOException failure) {
            throw new AssertionError("cannot make " + point, failure);
        }
        return over(point);
    }

    /** The same on a directory that is there, also in what cannot be written to. */
    static MountedInside over(Path point) {
        assumeTrue(Kernel.isRoot(), "only root can mount");
        MountedInside mount = sized(point, "1m");
        Rig.write(point.resolve("precious"), "on the other filesystem");
        return mount;
    }

    /** Mounts an empty filesystem of this size, as mount(8) takes it. */
    static MountedInside sized(Path point, String size) {
        String source = "varve-conformance-" + UUID.randomUUID();
        run("mount", "-t", "tmpfs", "-o", "size=" + size, source, point.toString());
        return new MountedInside(point, source);
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
        try {
            MountTable.read().mounts().stream()
                    .filter(mount -> mount.source().equals(source))
                    .forEach(mount -> run("umount", mount.point().toString()));
        } catch (IOException failure) {
            throw new AssertionError("cannot read the mounts", failure);
        }
    }
}
