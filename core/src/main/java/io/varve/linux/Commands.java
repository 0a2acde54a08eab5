package io.varve.linux;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * The only place that starts programs: absolute path, argument list, {@code LC_ALL=C}, a deadline, bounded output,
 * cancellable; a program that is cancelled or late is killed with everything it started.
 */
public final class Commands {
    private static final List<Path> DIRECTORIES =
            List.of(Path.of("/usr/sbin"), Path.of("/usr/bin"), Path.of("/sbin"), Path.of("/bin"));
    private static final Duration POLL = Duration.ofMillis(50);

    /** Marks every program of ours, so that one that outlived a killed appliance is found and ended. */
    private static final String OWNER = "VARVE_OWNER";

    private Commands() {}

    /** What a program said. Output beyond 64 KiB is cut off. */
    public record Result(List<String> command, int status, String output, String errors) {
        public boolean succeeded() {
            return status == 0;
        }

        /** This result where it succeeded. */
        public Result orThrow(String action) {
            if (!succeeded()) {
                throw failure(action);
            }
            return this;
        }

        public StorageException failure(String action) {
            String said = errors.isBlank() ? output.strip() : errors.strip();
            String text = action + ": " + command.getFirst() + " ended with status " + status;
            return new StorageException(codeOf(said), text + (said.isEmpty() ? "" : ": " + lastLines(said)));
        }

        private static ErrorCode codeOf(String said) {
            return said.contains("No space left on device") ? ErrorCode.NO_SPACE : ErrorCode.COMMAND_FAILED;
        }

        private static String lastLines(String said) {
            List<String> lines = said.lines().toList();
            return String.join("; ", lines.subList(Math.max(0, lines.size() - 4), lines.size()));
        }
    }

    /** Who is told each line of a program's output as it comes, each stream in a thread of its own. */
    public record Listeners(Consumer<String> output, Consumer<String> errors) {}

    /** The program of this name in one of the system's directories; never from PATH. */
    public static Optional<Path> find(String program) {
        return DIRECTORIES.stream()
                .map(directory -> directory.resolve(program))
                .filter(Files::isExecutable)
                .findFirst();
    }

    /** Whether this process, not being root, may run the program through {@code sudo -n}. */
    public static boolean canSudo(Path program) {
        Optional<Path> sudo = find("sudo");
        return !Kernel.isRoot()
                && sudo.isPresent()
                && run(List.of(sudo.get().toString(), "-n", "-l", program.toString()), Duration.ofSeconds(5))
                        .succeeded();
    }

    /** The same command through {@code sudo -n}. */
    public static List<String> sudo(List<String> command) {
        Path sudo = find("sudo").orElseThrow(() -> missing("sudo"));
        List<String> all = new ArrayList<>(List.of(sudo.toString(), "-n", "--"));
        all.addAll(command);
        return all;
    }

    public static StorageException missing(String program) {
        return new StorageException(
                ErrorCode.DRIVER_UNAVAILABLE, "the program '" + program + "' is not installed on this host");
    }

    /** Runs a short command to its end. */
    public static Result run(List<String> command, Duration deadline) {
        return run(command, "", deadline, Work.unwatched(), line -> {});
    }

    /**
     * Runs a command to its end.
     *
     * @param owner whose work this is: {@link #endLeftovers} with the same text finds it after a crash
     * @param eachLine is told each line of standard output as it comes, in another thread; all have
     *     come when this returns, and what it throws is thrown here at the end
     * @throws StorageException {@code COMMAND_FAILED} where it cannot be started or passes its deadline,
     *     {@code CANCELLED}; a status that is not zero is a result
     */
    public static Result run(
            List<String> command, String owner, Duration deadline, Work work, Consumer<String> eachLine) {
        return run(command, owner, deadline, work, new Listeners(eachLine, line -> {}));
    }

    /** The same, with every line of standard error told too, also those that a result is too short for. */
    public static Result run(List<String> command, String owner, Duration deadline, Work work, Listeners listeners) {
        requireAbsolute(command);
        Process process = start(command, owner);
        ProgramOutput output = new ProgramOutput(process.getInputStream(), listeners.output());
        ProgramOutput errors = new ProgramOutput(process.getErrorStream(), listeners.errors());
        try {
            await(process, command, System.nanoTime() + deadline.toNanos(), work);
        } finally {
            kill(process);
        }
        return new Result(List.copyOf(command), process.exitValue(), output.finish(), errors.finish());
    }

    private static Process start(List<String> command, String owner) {
        ProcessBuilder builder =
                new ProcessBuilder(command).directory(Path.of("/").toFile());
        Map<String, String> environment = builder.environment();
        environment.clear();
        environment.put("LC_ALL", "C");
        environment.put("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        environment.put(OWNER, owner);
        try {
            Process process = builder.start();
            process.getOutputStream().close();
            return process;
        } catch (IOException failure) {
            throw new StorageException(
                    ErrorCode.COMMAND_FAILED,
                    "cannot start " + command.getFirst() + ": " + failure.getMessage(),
                    failure);
        }
    }

    private static void await(Process process, List<String> command, long end, Work work) {
        try {
            while (!process.waitFor(POLL.toMillis(), TimeUnit.MILLISECONDS)) {
                Work.checkpoint(work);
                if (System.nanoTime() - end > 0) {
                    throw new StorageException(
                            ErrorCode.COMMAND_FAILED, command.getFirst() + " did not end within its deadline");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(ErrorCode.CANCELLED, command.getFirst() + " was interrupted", interrupted);
        }
    }

    private static void kill(Process process) {
        if (process.isAlive()) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
            process.onExit()
                    .orTimeout(10, TimeUnit.SECONDS)
                    .exceptionally(late -> process)
                    .join();
        }
    }

    private static void requireAbsolute(List<String> command) {
        if (!Path.of(command.getFirst()).isAbsolute()) {
            throw new IllegalArgumentException("'" + command.getFirst() + "' is not an absolute path");
        }
    }

    /**
     * Ends programs that an earlier, killed process of ours left running for this owner, and waits for them. The owner
     * is one that no other living process works for, such as a store whose lock is held.
     */
    public static void endLeftovers(String owner) {
        String mark = OWNER + "=" + owner;
        long self = ProcessHandle.current().pid();
        ProcessHandle.allProcesses()
                .filter(process -> process.pid() != self && carries(process, mark))
                .forEach(Commands::end);
    }

    private static boolean carries(ProcessHandle process, String mark) {
        try {
            byte[] environment = Files.readAllBytes(Path.of("/proc/" + process.pid() + "/environ"));
            return Arrays.asList(new String(environment, StandardCharsets.ISO_8859_1).split("\0", 0))
                    .contains(mark);
        } catch (IOException notOursOrGone) {
            return false;
        }
    }

    private static void end(ProcessHandle process) {
        process.destroyForcibly();
        process.onExit()
                .orTimeout(10, TimeUnit.SECONDS)
                .exceptionally(late -> process)
                .join();
    }
}
