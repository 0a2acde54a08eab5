package io.varve.retention;

import com.fasterxml.jackson.databind.JsonNode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * Reads the snapshots that somebody wants a policy computed on. Each has {@code label} and {@code created} (RFC 3339); it
 * may have {@code kind} (else {@code POLICY}), {@code policy} (else the one that is computed), {@code tags}, and
 * {@code holds}: owners, or the objects that a snapshot shows.
 */
public final class CandidateReader {
    private final Faults faults = new Faults();
    private final String policy;

    private CandidateReader(String policy) {
        this.policy = policy;
    }

    /**
     * @param place where in its document the list stands
     * @throws StorageException {@code NAME_INVALID} where nothing else is wrong, {@code REQUEST_INVALID} with every fault
     *     of the first snapshot that has one
     */
    public static List<Candidate> read(String place, JsonNode list, String policy) {
        return new CandidateReader(policy).read(place, list);
    }

    private List<Candidate> read(String place, JsonNode list) {
        if (!list.isArray()) {
            throw Refusal.invalid("field '" + place + "' is not a list");
        }
        List<Candidate> candidates = new ArrayList<>();
        for (JsonNode node : list) {
            String where = place + "[" + candidates.size() + "]";
            Optional<Candidate> candidate = read(new Fields(where, node, faults));
            faults.raise("the list of snapshots");
            candidate.ifPresent(candidates::add);
        }
        return candidates;
    }

    private Optional<Candidate> read(Fields fields) {
        Optional<String> name = required(fields, "label");
        Optional<Instant> created = required(fields, "created").flatMap(text -> time(fields, text));
        Candidate.Kind kind =
                fields.text("kind").flatMap(text -> kind(fields, text)).orElse(Candidate.Kind.POLICY);
        String maker = fields.text("policy").orElse(policy);
        List<String> tags = fields.list("tags", "a text", CandidateReader::text);
        List<String> holds = fields.list("holds", "an owner or a hold that has one", CandidateReader::owner);
        fields.end();
        Optional<SnapshotLabel> label = name.flatMap(known -> label(fields, known));
        return label.flatMap(known -> created.map(
                time -> new Candidate(known, time, kind, Optional.of(maker), tags, holds, List.of(), true)));
    }

    /** An illegal name has a code of its own on every door, unless more is wrong. */
    private Optional<SnapshotLabel> label(Fields fields, String text) {
        if (faults.any()) {
            return faults.note(fields.place("label"), () -> SnapshotLabel.of(text));
        }
        try {
            return Optional.of(SnapshotLabel.of(text));
        } catch (StorageException illegal) {
            throw new StorageException(illegal.code(), fields.place("label") + ": " + illegal.getMessage(), illegal);
        }
    }

    private static Optional<String> required(Fields fields, String name) {
        if (!fields.has(name)) {
            fields.fault(name, "is missing");
        }
        return fields.text(name);
    }

    private static Optional<Instant> time(Fields fields, String text) {
        try {
            return Optional.of(TimeText.parse(text));
        } catch (DateTimeException malformed) {
            fields.fault("created", "must be an RFC 3339 time, not " + Refusal.quote(text));
            return Optional.empty();
        }
    }

    private static Optional<Candidate.Kind> kind(Fields fields, String text) {
        Optional<Candidate.Kind> kind = Arrays.stream(Candidate.Kind.values())
                .filter(each -> each.name().equals(text))
                .findFirst();
        if (kind.isEmpty()) {
            fields.fault("kind", "must be one of " + Arrays.toString(Candidate.Kind.values()));
        }
        return kind;
    }

    private static Optional<String> text(JsonNode node) {
        return Optional.ofNullable(node.textValue());
    }

    private static Optional<String> owner(JsonNode node) {
        return text(node).or(() -> text(node.path("owner")));
    }
}
