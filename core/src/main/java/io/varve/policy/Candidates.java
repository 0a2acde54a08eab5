package io.varve.policy;

import io.varve.catalog.Hold;
import io.varve.catalog.SnapshotKind;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.retention.Candidate;
import io.varve.spi.SnapshotLabel;
import io.varve.volume.Snapshot;
import io.varve.volume.Victim;
import io.varve.volume.Volume;

import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.StreamSupport;

/** A volume's snapshots as retention wants to see them. */
final class Candidates {
    private Candidates() {}

    static List<Candidate> of(Volume volume, Instant now) {
        return of(volume.snapshots(), now);
    }

    private static List<Candidate> of(List<Snapshot> snapshots, Instant now) {
        Set<SnapshotLabel> targets = rollbackTargets(snapshots);
        return snapshots.stream().map(snapshot -> of(snapshot, targets, now)).toList();
    }

    static Candidate of(Victim victim, Instant now) {
        return of(victim.snapshot(), rollbackTargets(victim.undoPoints()), now);
    }

    /** Those newer than a victim, as far as their being counted goes: whether a rollback needs one is left out. */
    static Iterable<Candidate> newer(Victim victim, Instant now) {
        return () -> StreamSupport.stream(victim.newer().spliterator(), false)
                .map(snapshot -> of(snapshot, Set.of(), now))
                .iterator();
    }

    /** As long as an undo point lives, so does the state it was left for: else the rollback could not be told again. */
    private static Set<SnapshotLabel> rollbackTargets(List<Snapshot> snapshots) {
        Set<SnapshotLabel> targets = new HashSet<>();
        for (Snapshot snapshot : snapshots) {
            if (snapshot.record().kind() == SnapshotKind.UNDO) {
                snapshot.record().parent().ifPresent(targets::add);
            }
        }
        return targets;
    }

    private static Candidate of(Snapshot snapshot, Set<SnapshotLabel> targets, Instant now) {
        SnapshotRecord record = snapshot.record();
        return new Candidate(
                snapshot.label(),
                record.created(),
                Candidate.Kind.valueOf(record.kind().name()),
                record.policy(),
                record.tags().stream().map(Tag::value).toList(),
                snapshot.holdsAt(now).stream().map(Hold::owner).toList(),
                targets.contains(snapshot.label()) ? List.of("rollback target") : List.of(),
                snapshot.valid());
    }
}
