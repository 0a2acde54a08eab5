package io.varve.policy;

import io.varve.catalog.SnapshotKind;
import io.varve.spi.StorageException;
import io.varve.volume.Snapshot;
import io.varve.volume.Victim;
import io.varve.volume.Volume;

import java.time.Instant;
import java.util.List;

/** Undo points end with their time; a tag or a hold keeps one longer. */
final class UndoPoints {
    private UndoPoints() {}

    static int removeExpired(Volume volume, Instant now) {
        int removed = 0;
        for (Snapshot snapshot : volume.snapshots()) {
            if (isExpired(snapshot, now) && remove(volume, snapshot, now)) {
                removed++;
            }
        }
        return removed;
    }

    private static boolean isExpired(Snapshot snapshot, Instant now) {
        return snapshot.valid()
                && snapshot.record().kind() == SnapshotKind.UNDO
                && snapshot.record().tags().isEmpty()
                && snapshot.holdsAt(now).isEmpty()
                && snapshot.record()
                        .expires()
                        .filter(until -> !until.isAfter(now))
                        .isPresent();
    }

    /** A busy volume is tried again the next time; the failure is among the operations. */
    private static boolean remove(Volume volume, Snapshot snapshot, Instant now) {
        try {
            volume.pruneSnapshot(snapshot.label(), victim -> protections(victim, now));
            return true;
        } catch (StorageException busy) {
            return false;
        }
    }

    private static List<String> protections(Victim victim, Instant now) {
        return isExpired(victim.snapshot(), now) ? List.of() : List.of("it was tagged or held");
    }
}
