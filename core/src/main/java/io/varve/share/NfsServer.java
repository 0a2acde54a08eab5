package io.varve.share;

import io.varve.linux.Commands;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.StoreName;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/**
 * This host's NFS server, told by {@code exportfs} (exportfs(8)) and, for its next start, by one file a store in
 * {@code /etc/exports.d} (exports(5)). Nothing else of its configuration is touched, and it is never restarted.
 */
public final class NfsServer {
    private static final String PROGRAM = "exportfs";
    private static final Duration DEADLINE = Duration.ofSeconds(30);
    private static final String HEAD = "# Written by varve, which shares this; 'varve share' changes it.\n";

    private final Path directory;
    private final List<String> before;

    /**
     * @param directory of the files for the next start
     * @param before what a command begins with, for a server that is reached by another program; empty for this host's
     */
    public NfsServer(Path directory, List<String> before) {
        this.directory = directory;
        this.before = List.copyOf(before);
    }

    /** What is to be shared with whom, and how. */
    record Line(Path path, Client client, String options) {
        /** As exportfs takes it; an address of IPv6 in brackets. */
        String target() {
            return (client.text().contains(":") ? "[" + client + "]" : client.text()) + ":" + path;
        }

        /** As exports(5) has it: what is not plain comes as three octal digits. */
        String text() {
            StringBuilder escaped = new StringBuilder();
            for (byte each : path.toString().getBytes(StandardCharsets.UTF_8)) {
                int value = each & 0xff;
                boolean plain = value > ' ' && value < 0x7f && "\"\\#()".indexOf(value) < 0;
                escaped.append(plain ? String.valueOf((char) value) : "\\%03o".formatted(value));
            }
            return escaped + " " + client + "(" + options + ")";
        }
    }

    /** From now on, and at the server's next start. @throws StorageException where the server refuses it */
    void share(Line line) {
        run(List.of("-o", line.options(), line.target()), "share '" + line.path() + "' with " + line.client());
    }

    /** No more. What is not shared is a success. */
    void withdraw(Line line) {
        Commands.Result result = exportfs(List.of("-u", line.target()));
        if (!result.succeeded() && !result.errors().contains("Could not find")) {
            throw result.failure("withdraw '" + line.path() + "' from " + line.client());
        }
    }

    /** Has the server look up every shared path anew, at its next use. */
    void refresh() {
        run(List.of("-f"), "refresh what is shared");
    }

    private void run(List<String> arguments, String action) {
        Commands.Result result = exportfs(arguments);
        // It ends with 0 also where it refuses.
        boolean refused = result.errors()
                .lines()
                .anyMatch(line -> line.contains("does not support NFS export")
                        || line.contains("Failed to stat")
                        || line.contains("requires fsid="));
        if (refused) {
            throw new StorageException(
                    ErrorCode.FILESYSTEM_UNSUITABLE,
                    "cannot " + action + ": " + result.errors().strip());
        }
        result.orThrow("cannot " + action);
    }

    private Commands.Result exportfs(List<String> arguments) {
        Path program = Commands.find(PROGRAM)
                .orElseThrow(() -> new StorageException(
                        ErrorCode.NOT_SUPPORTED,
                        "nothing can be shared: the program '" + PROGRAM
                                + "' is not installed; Debian's package is 'nfs-kernel-server'"));
        List<String> command = new ArrayList<>(before);
        command.add(program.toString());
        command.addAll(arguments);
        return Commands.run(command, DEADLINE);
    }

    /** Writes down what is shared of a store, for the server's next start; nothing is no file. */
    void write(StoreName store, List<Line> lines) {
        Path file = directory.resolve("varve-" + store + ".exports");
        String text = lines.stream().map(Line::text).sorted().collect(Collectors.joining("\n", HEAD, "\n"));
        try {
            if (lines.isEmpty()) {
                DurableFiles.delete(file);
            } else {
                DurableFiles.makeDirectories(directory);
                DurableFiles.replace(file, text.getBytes(StandardCharsets.US_ASCII));
            }
        } catch (IOException failure) {
            throw KernelException.storage("cannot write '" + file + "'", failure);
        }
    }

    /** Whether anybody serves what is shared (nfsd(7)). */
    static boolean isRunning() {
        try {
            return !Files.readString(Path.of("/proc/fs/nfsd/threads")).strip().equals("0");
        } catch (IOException none) {
            return false;
        }
    }
}
