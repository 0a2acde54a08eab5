package io.varve.volume;

import io.varve.catalog.SnapshotKind;
import io.varve.catalog.Tag;
import io.varve.spi.SnapshotLabel;

import java.util.List;
import java.util.Optional;

/**
 * What snapshot is wanted.
 *
 * @param label empty makes one of the time: UTC {@code yyyyMMdd_HHmmss.SSS}
 * @param policy the policy that takes it, for kind POLICY
 */
public record SnapshotRequest(
        Optional<SnapshotLabel> label, String message, List<Tag> tags, SnapshotKind kind, Optional<String> policy) {

    public SnapshotRequest {
        tags = List.copyOf(tags);
    }

    /** A snapshot somebody asks for. */
    public static SnapshotRequest manual(Optional<SnapshotLabel> label, String message, List<Tag> tags) {
        return new SnapshotRequest(label, message, tags, SnapshotKind.MANUAL, Optional.empty());
    }

    public static SnapshotRequest labelled(String label) {
        return manual(Optional.of(SnapshotLabel.of(label)), "", List.of());
    }

    public static SnapshotRequest byPolicy(String policy, SnapshotLabel label) {
        return new SnapshotRequest(Optional.of(label), "", List.of(), SnapshotKind.POLICY, Optional.of(policy));
    }
}
