package io.varve.access;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Clock;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Who did what, one JSON object a line, in two files of bounded size: when the newer one is full, it takes the older one's
 * place. Thread-safe.
 */
public final class AuditLog {
    private static final System.Logger LOG = System.getLogger(AuditLog.class.getName());
    private static final ObjectMapper JSON = new ObjectMapper();

    private final Path file;
    private final Path older;
    private final long mostBytes;
    private final Clock clock;

    /** @param mostBytes from which size on a file is full */
    public AuditLog(Path directory, long mostBytes, Clock clock) {
        this.file = directory.resolve("audit.jsonl");
        this.older = directory.resolve("audit.old.jsonl");
        this.mostBytes = mostBytes;
        this.clock = clock;
    }

    /** Writes it down. What was done stays done where that fails, so that is a warning alone. */
    public synchronized void record(String who, String door, String action, String outcome) {
        ObjectNode entry = JSON.createObjectNode()
                .put("time", clock.instant().toString())
                .put("who", who)
                .put("door", door)
                .put("action", action)
                .put("outcome", outcome);
        try {
            makeRoom();
            Files.writeString(
                    file, entry + "\n", StandardCharsets.UTF_8, StandardOpenOption.CREATE, StandardOpenOption.APPEND);
        } catch (IOException failure) {
            LOG.log(System.Logger.Level.WARNING, "not in the audit log: " + entry + ": " + failure.getMessage());
        }
    }

    private void makeRoom() throws IOException {
        DurableFiles.makeDirectories(file.resolveSibling(""));
        if (Files.exists(file) && Files.size(file) >= mostBytes) {
            Files.move(file, older, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        }
    }

    /** Everything that is remembered, newest first; a line that a crash has torn is passed over. */
    public synchronized List<AuditEntry> all() {
        List<AuditEntry> entries = new ArrayList<>();
        try {
            for (Path each : List.of(older, file)) {
                if (Files.exists(each)) {
                    Files.readAllLines(each, StandardCharsets.UTF_8)
                            .forEach(line -> read(line).ifPresent(entries::add));
                }
            }
        } catch (IOException failure) {
            throw KernelException.storage("cannot read the audit log", failure);
        }
        Collections.reverse(entries);
        return entries;
    }

    private static Optional<AuditEntry> read(String line) {
        try {
            JsonNode entry = JSON.readTree(line);
            return Optional.of(new AuditEntry(
                    Instant.parse(entry.path("time").asText()),
                    entry.path("who").asText(),
                    entry.path("door").asText(),
                    entry.path("action").asText(),
                    entry.path("outcome").asText()));
        } catch (IOException | DateTimeException torn) {
            return Optional.empty();
        }
    }
}
