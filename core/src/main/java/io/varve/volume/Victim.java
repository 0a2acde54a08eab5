package io.varve.volume;

import java.util.List;

/**
 * A snapshot in the moment in which it would be taken away, with what its volume has besides. To be looked at only by who
 * is handed it, only while the call lasts; what is looked at is read then, so that asking costs the same however many
 * snapshots there are.
 *
 * @param newer the snapshots that come after it in {@link Snapshot#OLDEST_FIRST}, nearest first
 * @param undoPoints all of the volume, in no order
 */
public record Victim(Snapshot snapshot, Iterable<Snapshot> newer, List<Snapshot> undoPoints) {
    public Victim {
        undoPoints = List.copyOf(undoPoints);
    }
}
