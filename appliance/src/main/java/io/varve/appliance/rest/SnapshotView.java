package io.varve.appliance.rest;

import io.varve.catalog.Hold;
import io.varve.catalog.SnapshotGroup;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** A snapshot as clients see it. */
record SnapshotView(
        String name,
        String label,
        String tenant,
        String volume,
        String store,
        String kind,
        Instant created,
        String message,
        List<String> tags,
        List<HoldView> holds,
        boolean valid,
        Optional<String> policy,
        Optional<String> parent,
        Optional<Instant> expires,
        List<String> warnings,
        Optional<GroupView> group,
        String consistency) {

    /** @param skewMillis absent where not all of the set were taken */
    record GroupView(String id, int size, Optional<Double> skewMillis) {
        static GroupView of(SnapshotGroup group) {
            return new GroupView(group.id(), group.size(), group.skew().map(skew -> skew.toNanos() / 1_000_000.0));
        }
    }

    record HoldView(String owner, String reason, Instant since, Optional<Instant> expires) {
        static HoldView of(Hold hold) {
            return new HoldView(hold.owner(), hold.reason(), hold.since(), hold.expires());
        }
    }

    static SnapshotView of(Volume volume, Snapshot snapshot) {
        SnapshotRecord record = snapshot.record();
        return new SnapshotView(
                snapshot.name(),
                snapshot.label().value(),
                volume.tenant(),
                volume.name().value(),
                volume.store().value(),
                record.kind().name(),
                record.created(),
                record.message(),
                record.tags().stream().map(Tag::value).toList(),
                record.holds().stream().map(HoldView::of).toList(),
                snapshot.valid(),
                record.policy(),
                record.parent().map(Object::toString),
                record.expires(),
                record.warnings(),
                record.group().map(GroupView::of),
                record.consistency().name());
    }
}
