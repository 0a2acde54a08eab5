package io.varve.catalog;

import java.time.Duration;
import java.util.Optional;

/**
 * The set of snapshots of several volumes that one was taken in.
 *
 * @param id the same for all of the set, and for no other
 * @param size how many there are
 * @param skew how long it took from before the first was taken until the last was; empty while not all are
 */
public record SnapshotGroup(String id, int size, Optional<Duration> skew) {
    public SnapshotGroup whole(Duration took) {
        return new SnapshotGroup(id, size, Optional.of(took));
    }
}
