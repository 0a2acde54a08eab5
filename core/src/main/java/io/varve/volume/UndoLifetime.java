package io.varve.volume;

import io.varve.spi.VolumeName;

import java.time.Duration;
import java.time.Instant;

/** How long the state before a rollback can be brought back. Any thread. */
@FunctionalInterface
public interface UndoLifetime {
    /** Where nobody says otherwise. */
    Duration STANDARD = Duration.ofHours(24);

    /** When an undo point of this volume that was made at {@code start} ends. */
    Instant end(StoreName store, VolumeName volume, Instant start);

    /** The same for all volumes. */
    static UndoLifetime of(Duration length) {
        return (store, volume, start) -> start.plus(length);
    }
}
