package io.varve.volume;

import java.util.List;

/**
 * How a rollback came out.
 *
 * @param snapshot the state that is the head now
 * @param undo the state before, kept
 * @param warnings what a person should know
 */
public record RollbackResult(Snapshot snapshot, Snapshot undo, List<String> warnings) {
    public RollbackResult {
        warnings = List.copyOf(warnings);
    }
}
