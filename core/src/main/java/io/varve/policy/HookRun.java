package io.varve.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.linux.Commands;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
import io.varve.retention.Hooks;
import io.varve.retention.Policy;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;

/**
 * One run of a policy's hooks on one volume. Before the first program runs, it is written down durably what lets go again
 * what that stops, and a process of its own waits to do so: should the appliance die, that process does it when the time is
 * up, or the next start of the appliance, whichever is first. While the record is there, it has not been done.
 */
final class HookRun {
    private static final ObjectMapper JSON = new ObjectMapper();

    /** Sleeps, then runs the program unless the record is gone by then. */
    private static final String DEAD_MAN =
            "exec </dev/null >/dev/null 2>&1; sleep \"$1\"; [ -e \"$2\" ] || exit 0; rm -f \"$2\"; shift 2; exec \"$@\"";

    /** Each program and the snapshot between them may take its time. */
    private static final int TURNS = 3;

    private final Hooks hooks;
    private final Path record;
    private final List<String> environment;
    private final Duration deadline;
    private final long started = System.nanoTime();

    private HookRun(Policy policy, Hooks hooks, Volume volume, Path record) {
        this.hooks = hooks;
        this.record = record;
        this.deadline = Duration.between(Instant.EPOCH, hooks.deadline().after(Instant.EPOCH, ZoneOffset.UTC));
        this.environment = List.of(
                program("env"),
                "VARVE_POLICY=" + policy.name(),
                "VARVE_STORE=" + volume.store(),
                "VARVE_VOLUME=" + volume.name(),
                "VARVE_PATH=" + volume.head());
    }

    /** @throws StorageException {@code COMMAND_FAILED}, {@code IO_FAILED}: nothing was stopped */
    static HookRun prepare(Policy policy, Hooks hooks, Volume volume, Path record) {
        HookRun run = new HookRun(policy, hooks, volume, record);
        if (!hooks.after().isEmpty()) {
            run.writeDown();
            run.startDeadMan();
        }
        return run;
    }

    private static String program(String name) {
        return Commands.find(name).orElseThrow(() -> Commands.missing(name)).toString();
    }

    private List<String> command(String phase, List<String> program) {
        List<String> command = new ArrayList<>(environment);
        command.add("VARVE_PHASE=" + phase);
        command.addAll(program);
        return command;
    }

    private void writeDown() {
        ObjectNode node = JSON.createObjectNode().put("deadline", deadline.toString());
        command("after", hooks.after()).forEach(node.putArray("after")::add);
        try {
            DurableFiles.makeDirectories(record.resolveSibling(""));
            DurableFiles.replace(record, JSON.writeValueAsBytes(node));
        } catch (IOException failure) {
            throw KernelException.storage("cannot write down what has to run after the snapshot", failure);
        }
    }

    private void startDeadMan() {
        List<String> command =
                new ArrayList<>(List.of(program("setsid"), "--fork", program("sh"), "-c", DEAD_MAN, "sh"));
        command.add(String.valueOf(deadline.multipliedBy(TURNS).toSeconds()));
        command.add(record.toString());
        command.addAll(command("after", hooks.after()));
        Commands.run(command, Duration.ofSeconds(10)).orThrow("cannot watch over the hooks");
    }

    /** @throws StorageException {@code COMMAND_FAILED} */
    void before() {
        if (!hooks.before().isEmpty()) {
            Commands.run(command("before", hooks.before()), deadline).orThrow("the program before the snapshot failed");
        }
    }

    /** Whether what was stopped cannot have been let go already. */
    boolean isInTime() {
        return System.nanoTime() - started < deadline.multipliedBy(TURNS).toNanos();
    }

    /** @throws StorageException {@code COMMAND_FAILED}; the process that waits tries once more */
    void after() {
        if (!hooks.after().isEmpty()) {
            Commands.run(command("after", hooks.after()), deadline).orThrow("the program after the snapshot failed");
            forget(record);
        }
    }

    private static void forget(Path record) {
        try {
            DurableFiles.delete(record);
        } catch (IOException failure) {
            throw KernelException.storage("cannot forget that the program after the snapshot had to run", failure);
        }
    }

    /** Does what a killed appliance could not. */
    static void settle(Path record) {
        try {
            JsonNode node = JSON.readTree(Files.readAllBytes(record));
            List<String> command = new ArrayList<>();
            node.path("after").forEach(word -> command.add(word.asText()));
            Commands.run(command, Duration.parse(node.path("deadline").asText()))
                    .orThrow("the program that had to run after a snapshot failed");
            forget(record);
        } catch (IOException unreadable) {
            throw new StorageException(ErrorCode.IO_FAILED, "cannot read '" + record + "'", unreadable);
        }
    }
}
