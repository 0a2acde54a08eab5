package io.varve.spi;

import java.util.List;

/**
 * How a snapshot came out.
 *
 * @param warnings what a person should know about it, for example files that vanished while being copied
 */
public record SnapshotOutcome(List<String> warnings) {
    public SnapshotOutcome {
        warnings = List.copyOf(warnings);
    }

    public static SnapshotOutcome clean() {
        return new SnapshotOutcome(List.of());
    }
}
