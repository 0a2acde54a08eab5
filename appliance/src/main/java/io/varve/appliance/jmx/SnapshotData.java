package io.varve.appliance.jmx;

import io.varve.catalog.Hold;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.volume.Snapshot;

import java.util.List;

/**
 * A snapshot as management clients see it; absent texts are empty.
 *
 * @param created RFC 3339
 * @param holds the owners
 */
public record SnapshotData(
        String label,
        String kind,
        String created,
        String message,
        List<String> tags,
        List<String> holds,
        boolean valid,
        String policy,
        List<String> warnings) {

    static SnapshotData of(Snapshot snapshot) {
        SnapshotRecord record = snapshot.record();
        return new SnapshotData(
                snapshot.label().value(),
                record.kind().name(),
                record.created().toString(),
                record.message(),
                record.tags().stream().map(Tag::value).toList(),
                record.holds().stream().map(Hold::owner).toList(),
                snapshot.valid(),
                record.policy().orElse(""),
                record.warnings());
    }
}
