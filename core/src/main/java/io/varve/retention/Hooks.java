package io.varve.retention;

import io.varve.spi.Consistency;

import java.util.List;

/**
 * Programs that run before and after a volume's snapshot. What the first one stops, the second one lets go on: that runs
 * whatever else happened, perhaps more than once.
 *
 * @param before program and arguments; empty for none
 * @param after program and arguments; empty for none
 * @param deadline how long each may take, and how long what was stopped may wait for the snapshot
 * @param onFailure what becomes of the snapshot where {@code before} fails
 * @param reaches what a snapshot can be relied on for after {@code before} succeeded
 */
public record Hooks(List<String> before, List<String> after, Span deadline, OnFailure onFailure, Consistency reaches) {
    public static final Span DEFAULT_DEADLINE = Span.parse("30s");

    public Hooks {
        before = List.copyOf(before);
        after = List.copyOf(after);
    }

    /** What becomes of a snapshot that could not be prepared. */
    public enum OnFailure {
        /** It is not taken. */
        ABORT,
        /** It is taken as it is. */
        CONTINUE
    }
}
