package io.varve.driver.btrfs;

import io.varve.linux.Commands;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Subvolumes with the rights of this process where they suffice, and where the kernel refuses by {@code sudo -n btrfs};
 * the tool's exit status is all that is read.
 */
final class SudoSubvolumes implements Subvolumes {
    private static final Duration DEADLINE = Duration.ofMinutes(5);

    private final Subvolumes direct;
    private final Path program;
    private final UnaryOperator<List<String>> elevated;

    SudoSubvolumes(Subvolumes direct, Path program) {
        this(direct, program, Commands::sudo);
    }

    /** @param elevated makes of the tool's command the one that runs it with the rights it needs */
    SudoSubvolumes(Subvolumes direct, Path program, UnaryOperator<List<String>> elevated) {
        this.direct = direct;
        this.program = program;
        this.elevated = elevated;
    }

    /** Needs no right but to write to the parent directory; one made by root would not be this process's own. */
    @Override
    public void create(Path path) throws IOException {
        direct.create(path);
    }

    @Override
    public void snapshot(Path source, Path target, Access access) throws IOException {
        try {
            direct.snapshot(source, target, access);
        } catch (KernelException failure) {
            requireRefusal(failure);
            requireFree(target);
            List<String> readOnly = access == Access.READ_ONLY ? List.of("-r") : List.of();
            run("take a snapshot", List.of("subvolume", "snapshot"), readOnly, List.of(source, target));
        }
    }

    @Override
    public void delete(Path path) throws IOException {
        try {
            direct.delete(path);
        } catch (KernelException failure) {
            requireRefusal(failure);
            run("remove a subvolume", List.of("subvolume", "delete"), List.of("--commit-after"), List.of(path));
        }
    }

    @Override
    public void makeReadOnly(Path path) throws IOException {
        try {
            direct.makeReadOnly(path);
        } catch (KernelException failure) {
            requireRefusal(failure);
            run(
                    "make a subvolume read-only",
                    List.of("property", "set"),
                    List.of("-t", "subvol", path.toString(), "ro", "true"),
                    List.of());
        }
    }

    /** The tool would put its snapshot into a directory that is there. */
    private static void requireFree(Path target) throws IOException {
        if (Kernel.exists(target)) {
            throw new FileAlreadyExistsException(target.toString());
        }
    }

    private static void requireRefusal(KernelException failure) throws KernelException {
        if (failure.errno() != Errno.EPERM && failure.errno() != Errno.EACCES) {
            throw failure;
        }
    }

    private void run(String action, List<String> verb, List<String> options, List<Path> paths) {
        List<String> command = new ArrayList<>(List.of(program.toString()));
        command.addAll(verb);
        command.addAll(options);
        paths.forEach(path -> command.add(path.toString()));
        Commands.run(elevated.apply(command), DEADLINE).orThrow(action);
    }
}
