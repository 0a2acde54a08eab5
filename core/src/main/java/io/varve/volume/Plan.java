package io.varve.volume;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What a destructive call would do.
 *
 * @param effects what would happen, for people
 * @param removes the snapshots that would go, oldest first
 * @param obstacles why it would be refused as things are; empty where it would not
 * @param token carries out exactly this, or is refused as {@code PLAN_STALE} where the volume's snapshots changed since
 */
public record Plan(
        String action,
        String store,
        String volume,
        Optional<String> snapshot,
        List<String> effects,
        List<Removal> removes,
        List<String> obstacles,
        String token) {
    /**
     * A snapshot that would go.
     *
     * @param created empty of an invalid one
     */
    public record Removal(String label, String kind, Optional<Instant> created, List<String> tags, String message) {
        public Removal {
            tags = List.copyOf(tags);
        }
    }

    public Plan {
        effects = List.copyOf(effects);
        removes = List.copyOf(removes);
        obstacles = List.copyOf(obstacles);
    }
}
