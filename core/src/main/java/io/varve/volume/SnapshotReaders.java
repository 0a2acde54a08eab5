package io.varve.volume;

import io.varve.spi.SnapshotLabel;

import java.util.HashMap;
import java.util.Map;

/** Who reads which snapshot just now: such a snapshot is not removed under the reader's hands. Thread-safe. */
final class SnapshotReaders {
    private final Map<SnapshotLabel, Integer> readers = new HashMap<>();

    /** One more reads the snapshot; {@link #leave} follows. */
    synchronized void enter(SnapshotLabel label) {
        readers.merge(label, 1, Integer::sum);
    }

    synchronized void leave(SnapshotLabel label) {
        readers.computeIfPresent(label, (same, count) -> count == 1 ? null : count - 1);
    }

    synchronized int of(SnapshotLabel label) {
        return readers.getOrDefault(label, 0);
    }
}
