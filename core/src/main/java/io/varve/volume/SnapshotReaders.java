package io.varve.volume;

import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;

/** Who reads which snapshot just now: such a snapshot is not removed under the reader's hands. Thread-safe. */
final class SnapshotReaders {
    private final Map<SnapshotLabel, Integer> readers = new HashMap<>();

    <T> T reading(SnapshotLabel label, Supplier<T> work) {
        change(label, 1);
        try {
            return work.get();
        } finally {
            change(label, -1);
        }
    }

    private synchronized void change(SnapshotLabel label, int by) {
        readers.merge(label, by, (one, other) -> one + other == 0 ? 0 : one + other);
        readers.values().removeIf(count -> count == 0);
    }

    /** @throws StorageException {@code BUSY} */
    synchronized void requireNone(SnapshotLabel label) {
        if (readers.containsKey(label)) {
            throw new StorageException(
                    ErrorCode.BUSY, "snapshot '" + label + "' is being exported or compared; try again later");
        }
    }
}
