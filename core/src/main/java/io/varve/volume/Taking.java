package io.varve.volume;

import io.varve.spi.SnapshotLabel;

/** What came of asking for a snapshot of what changed. */
public sealed interface Taking {
    /** It was taken. */
    record Taken(Snapshot snapshot) implements Taking {}

    /**
     * None was needed.
     *
     * @param since the newest snapshot, which holds all there is
     */
    record Unchanged(SnapshotLabel since) implements Taking {}
}
