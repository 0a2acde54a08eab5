package io.varve.volume;

import java.util.List;
import java.util.Optional;

/**
 * What a destructive call would do.
 *
 * @param effects what would happen, for people
 * @param obstacles why it would be refused as things are; empty where it would not
 * @param token carries out exactly this, or is refused as {@code PLAN_STALE} where the volume's snapshots changed since
 */
public record Plan(
        String action,
        String store,
        String volume,
        Optional<String> snapshot,
        List<String> effects,
        List<String> obstacles,
        String token) {
    public Plan {
        effects = List.copyOf(effects);
        obstacles = List.copyOf(obstacles);
    }
}
