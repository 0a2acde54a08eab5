package io.varve.retention;

import io.varve.spi.SnapshotLabel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot as retention sees it.
 *
 * @param policy the policy that made it; only for {@link Kind#POLICY}
 * @param holds who holds it; expired holds are left out
 * @param protectedBy what else must not lose it, each as one reason for people: {@code "rollback target"},
 *     {@code "chain of auto-7"}
 * @param valid false for a snapshot whose record is missing: its age and maker are not known
 */
public record Candidate(
        SnapshotLabel label,
        Instant created,
        Kind kind,
        Optional<String> policy,
        List<String> tags,
        List<String> holds,
        List<String> protectedBy,
        boolean valid) {

    /** How a snapshot came to be. */
    public enum Kind {
        MANUAL,
        POLICY,
        UNDO,
        IMPORT
    }

    public Candidate {
        tags = List.copyOf(tags);
        holds = List.copyOf(holds);
        protectedBy = List.copyOf(protectedBy);
    }

    /** A snapshot made by a policy, with nothing that protects it. */
    public static Candidate ofPolicy(String policy, SnapshotLabel label, Instant created) {
        return new Candidate(label, created, Kind.POLICY, Optional.of(policy), List.of(), List.of(), List.of(), true);
    }

    boolean isMadeBy(String name) {
        return kind == Kind.POLICY && policy.equals(Optional.of(name));
    }
}
