package io.varve.volume;

import io.varve.catalog.Hold;
import io.varve.catalog.SnapshotKind;
import io.varve.catalog.SnapshotRecord;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * A snapshot as it is shown.
 *
 * @param record what is known of it; for one found on disk without a record, a stand-in of kind MANUAL at the epoch
 * @param valid false where record or disk lacks the other: it can be listed and removed, nothing else
 */
public record Snapshot(SnapshotRecord record, boolean valid) {
    /** Oldest first; equal times by label. */
    public static final Comparator<Snapshot> OLDEST_FIRST =
            Comparator.comparing(Snapshot::record, SnapshotRecord.OLDEST_FIRST);

    static Snapshot withoutRecord(VolumeName volume, SnapshotLabel label) {
        SnapshotRecord unknown = new SnapshotRecord(
                volume,
                label,
                SnapshotKind.MANUAL,
                Instant.EPOCH,
                "",
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of());
        return new Snapshot(unknown, false);
    }

    public VolumeName volume() {
        return record.volume();
    }

    public SnapshotLabel label() {
        return record.label();
    }

    /** The full spelling, {@code volume_label}. */
    public String name() {
        return record.fullName();
    }

    public List<Hold> holdsAt(Instant now) {
        return record.holds().stream().filter(hold -> hold.activeAt(now)).toList();
    }
}
