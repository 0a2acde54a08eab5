package io.varve.catalog;

import io.varve.spi.Consistency;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a snapshot.
 *
 * @param tags in the order they were given
 * @param policy the name of the policy that made it, for kind POLICY
 * @param parent the snapshot it was rolled back to (UNDO) or is the difference from (IMPORT)
 * @param expires when an undo point may go
 * @param warnings what a person should know about how it was taken
 * @param group the set it was taken in
 * @param consistency what is known to have been reached
 */
public record SnapshotRecord(
        VolumeName volume,
        SnapshotLabel label,
        SnapshotKind kind,
        Instant created,
        String message,
        List<Tag> tags,
        List<Hold> holds,
        Optional<String> policy,
        Optional<SnapshotLabel> parent,
        Optional<Instant> expires,
        List<String> warnings,
        Optional<SnapshotGroup> group,
        Consistency consistency) {

    /** Oldest first; equal times by label, so that the order is always the same. */
    public static final Comparator<SnapshotRecord> OLDEST_FIRST =
            Comparator.comparing(SnapshotRecord::created).thenComparing(SnapshotRecord::label);

    public SnapshotRecord {
        tags = List.copyOf(tags);
        holds = List.copyOf(holds);
        warnings = List.copyOf(warnings);
    }

    /** One that was taken by itself. */
    public SnapshotRecord(
            VolumeName volume,
            SnapshotLabel label,
            SnapshotKind kind,
            Instant created,
            String message,
            List<Tag> tags,
            List<Hold> holds,
            Optional<String> policy,
            Optional<SnapshotLabel> parent,
            Optional<Instant> expires,
            List<String> warnings) {
        this(
                volume,
                label,
                kind,
                created,
                message,
                tags,
                holds,
                policy,
                parent,
                expires,
                warnings,
                Optional.empty(),
                Consistency.CRASH);
    }

    public SnapshotRecord withGroup(SnapshotGroup set) {
        return new SnapshotRecord(
                volume,
                label,
                kind,
                created,
                message,
                tags,
                holds,
                policy,
                parent,
                expires,
                warnings,
                Optional.of(set),
                consistency);
    }

    public SnapshotRecord withConsistency(Consistency reached) {
        return new SnapshotRecord(
                volume, label, kind, created, message, tags, holds, policy, parent, expires, warnings, group, reached);
    }

    public String fullName() {
        return label.fullName(volume);
    }

    public SnapshotRecord withTag(Tag tag) {
        List<Tag> more = new ArrayList<>(tags);
        more.add(tag);
        return withTags(more);
    }

    public SnapshotRecord withoutTag(Tag tag) {
        return withTags(tags.stream().filter(each -> !each.equals(tag)).toList());
    }

    private SnapshotRecord withTags(List<Tag> changed) {
        return new SnapshotRecord(
                volume,
                label,
                kind,
                created,
                message,
                changed,
                holds,
                policy,
                parent,
                expires,
                warnings,
                group,
                consistency);
    }

    /** With this hold in place of any earlier one of the same owner. */
    public SnapshotRecord withHold(Hold hold) {
        List<Hold> more = new ArrayList<>(withoutHold(hold.owner()).holds);
        more.add(hold);
        return withHolds(more);
    }

    public SnapshotRecord withoutHold(String owner) {
        return withHolds(
                holds.stream().filter(each -> !each.owner().equals(owner)).toList());
    }

    private SnapshotRecord withHolds(List<Hold> changed) {
        return new SnapshotRecord(
                volume,
                label,
                kind,
                created,
                message,
                tags,
                changed,
                policy,
                parent,
                expires,
                warnings,
                group,
                consistency);
    }

    public SnapshotRecord withWarnings(List<String> found) {
        return new SnapshotRecord(
                volume, label, kind, created, message, tags, holds, policy, parent, expires, found, group, consistency);
    }

    public boolean heldAt(Instant now) {
        return holds.stream().anyMatch(hold -> hold.activeAt(now));
    }
}
