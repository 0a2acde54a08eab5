package io.varve.volume;

import io.varve.archive.ArchiveResult;
import io.varve.archive.Exclusions;
import io.varve.catalog.Hold;
import io.varve.catalog.MetadataName;
import io.varve.catalog.MetadataStreams;
import io.varve.catalog.SnapshotGroup;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.catalog.VolumeRecord;
import io.varve.spi.Capability;
import io.varve.spi.Consistency;
import io.varve.spi.ErrorCode;
import io.varve.spi.ExclusiveSize;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.function.Function;

/**
 * A volume and its snapshots. Thread-safe: operations that move data wait for each other, changes of records are
 * atomic, lists never wait.
 *
 * <p>Every method that takes a label throws {@code SNAPSHOT_NOT_FOUND}, and {@code SNAPSHOT_INVALID} where record or
 * data is missing and it needs both.
 */
public final class Volume {
    final VolumeParts parts;
    private final SnapshotTaker taker;
    private final SnapshotRemover remover;
    private final Rollback rollback;
    private final Planner planner;
    private final Archives archives;
    private final Obstacles obstacles;
    private final ChangeCheck changes;
    private volatile VolumeRecord record;

    Volume(StoreParts store, VolumeRecord record) {
        this.parts = new VolumeParts(store, record.name());
        this.record = record;
        this.taker = new SnapshotTaker(parts);
        this.obstacles = new Obstacles(parts);
        this.remover = new SnapshotRemover(parts, obstacles);
        this.rollback = new Rollback(parts, taker);
        this.planner = new Planner(parts, rollback, obstacles);
        this.archives = new Archives(parts, taker);
        this.changes = new ChangeCheck(parts);
    }

    public VolumeName name() {
        return parts.name;
    }

    public String tenant() {
        return parts.name.tenant();
    }

    public StoreName store() {
        return parts.store.name();
    }

    public VolumeRecord record() {
        return record;
    }

    /** Where applications find it, mounted or not. */
    public Path head() {
        return parts.store.layout().volume(parts.name);
    }

    /** Where applications find it; mounted if need be. */
    public Path path() {
        return parts.store.driver().expose(parts.name, Optional.empty());
    }

    /** Reads a label in its short or full spelling. */
    public SnapshotLabel label(String text) {
        return SnapshotLabel.parse(parts.name, text);
    }

    /**
     * Takes a snapshot.
     *
     * @throws StorageException {@code SNAPSHOT_EXISTS}, {@code TAG_EXISTS} (also for one given twice), {@code BUSY},
     *     {@code NO_SPACE}
     */
    public Snapshot snapshot(SnapshotRequest request) {
        Subject subject = request.label().map(parts.subject()::with).orElse(parts.subject());
        return parts.exclusively("snapshot.create", subject, operation -> taker.take(request, operation));
    }

    /**
     * Takes a snapshot unless the head is what the newest snapshot of whatever kind holds. The time of a last access does
     * not count as a change. Where the driver cannot tell, names and times of the whole tree are looked at, up to the
     * first difference; that delays nobody else on the volume.
     *
     * @throws StorageException what {@link #snapshot(SnapshotRequest)} throws; {@code CANCELLED}
     */
    public Taking snapshotIfChanged(SnapshotRequest request) {
        Optional<Snapshot> unchanged = changes.unchanged();
        return unchanged.isPresent()
                ? new Taking.Unchanged(unchanged.get().label())
                : new Taking.Taken(snapshot(request));
    }

    /** All snapshots, also invalid ones, oldest first. */
    public List<Snapshot> snapshots() {
        return parts.snapshots();
    }

    /** How many snapshots there are, also invalid ones; cheaper than {@link #snapshots}. */
    public int snapshotCount() {
        return parts.count();
    }

    /** The youngest valid snapshot that a policy made; does not look at all there are. */
    public Optional<Snapshot> newestOf(String policy) {
        synchronized (parts.index()) {
            Set<SnapshotLabel> disk = parts.onDisk();
            return parts.index()
                    .newestOf(policy, made -> disk.contains(made.label()))
                    .map(made -> new Snapshot(made, true));
        }
    }

    public Snapshot snapshot(SnapshotLabel label) {
        return parts.require(label);
    }

    /** A snapshot whose record and data are both there. */
    public Snapshot validSnapshot(SnapshotLabel label) {
        return parts.requireValid(label);
    }

    /** Where a snapshot can be read; mounted if need be. */
    public Path path(SnapshotLabel label) {
        parts.requireValid(label);
        return parts.store.driver().expose(parts.name, Optional.of(label));
    }

    /** @throws StorageException {@code TAG_NOT_FOUND} */
    public Snapshot snapshotWith(Tag tag) {
        return parts.index()
                .find(tag)
                .flatMap(found -> parts.find(found.label()))
                .orElseThrow(() -> tagNotFound(tag));
    }

    private StorageException tagNotFound(Tag tag) {
        return new StorageException(
                        ErrorCode.TAG_NOT_FOUND, "no snapshot of volume '" + parts.name + "' carries tag '" + tag + "'")
                .with("volume", parts.name)
                .with("tag", tag);
    }

    /**
     * Removes a snapshot, invalid ones too.
     *
     * @param plan the token of {@link #planRemoval}: nothing else than what it showed is done
     * @throws StorageException {@code HELD}, {@code BUSY}, {@code PLAN_STALE}, {@code SNAPSHOT_REMOVAL_FAILED}
     */
    public void removeSnapshot(SnapshotLabel label, Optional<String> plan) {
        parts.exclusively(
                "snapshot.remove",
                parts.subject().with(label),
                operation -> remover.remove(label, () -> planner.require(plan, "snapshot.remove", Optional.of(label))));
    }

    public void removeSnapshot(SnapshotLabel label) {
        removeSnapshot(label, Optional.empty());
    }

    /**
     * Removes a snapshot on behalf of a policy, unless something protects it by now.
     *
     * @param protections why the snapshot is to stay, asked in the moment in which it would be taken away; empty lets it
     *     go
     * @throws StorageException {@code PLAN_STALE}, and what {@link #removeSnapshot} throws
     */
    public void pruneSnapshot(SnapshotLabel label, Function<Victim, List<String>> protections) {
        parts.exclusively("snapshot.prune", parts.subject().with(label), operation -> {
            return remover.remove(label, () -> {
                Victim victim = parts.victim(label);
                obstacles.requireFree(victim.snapshot());
                requireUnprotected(label, protections.apply(victim));
            });
        });
    }

    private static void requireUnprotected(SnapshotLabel label, List<String> reasons) {
        if (!reasons.isEmpty()) {
            throw new StorageException(
                    ErrorCode.PLAN_STALE,
                    "snapshot '" + label + "' stays, because since the plan was made this protects it: "
                            + String.join(", ", reasons));
        }
    }

    /** What {@link #removeSnapshot} would do. */
    public Plan planRemoval(SnapshotLabel label) {
        return planner.removal(label);
    }

    /** What removing the volume would do. */
    Plan planRemoval() {
        return planner.volumeRemoval();
    }

    /** What {@link #rollback} would do. */
    public Plan planRollback(SnapshotLabel target) {
        return planner.rollback(target);
    }

    /**
     * Makes a snapshot the head again and keeps the head before as an undo point.
     *
     * @param force also while processes use the head; what they write from then on does not reach the volume and is lost
     * @param undoFor how long the undo point is kept; empty is the appliance's default
     * @param plan the token of {@link #planRollback}
     * @throws StorageException {@code BUSY} names the users, {@code PLAN_STALE}
     */
    public RollbackResult rollback(
            SnapshotLabel target, boolean force, Optional<Duration> undoFor, Optional<String> plan) {
        return parts.exclusively("snapshot.rollback", parts.subject().with(target), operation -> {
            planner.require(plan, "snapshot.rollback", Optional.of(target));
            return rollback.run(target, force, undoFor, operation);
        });
    }

    public RollbackResult rollback(SnapshotLabel target) {
        return rollback(target, false, Optional.empty(), Optional.empty());
    }

    /** Who uses the head, for people. */
    public List<String> users() {
        return rollback.users();
    }

    /** Does something with a snapshot's tree; the snapshot is not removed meanwhile. */
    public <T> T reading(SnapshotLabel label, Function<Path, T> work) {
        return parts.reading(label, () -> work.apply(path(label)));
    }

    /** Looks into snapshots and compares them. */
    public Browsing browsing() {
        return new Browsing(this);
    }

    /**
     * Writes a snapshot as an archive; flushes the stream and leaves it open.
     *
     * @throws StorageException {@code IO_FAILED}, {@code CANCELLED}
     */
    public ArchiveResult exportTo(SnapshotLabel label, Exclusions exclusions, OutputStream target) {
        return parts.store.run(
                "snapshot.export",
                parts.subject().with(label),
                operation -> parts.reading(label, () -> archives.export(label, exclusions, target, operation)));
    }

    /**
     * Makes a snapshot of an archive; the head is not touched. All or nothing.
     *
     * @throws StorageException {@code SNAPSHOT_EXISTS}, {@code ARCHIVE_INVALID}, {@code NO_SPACE}, {@code NOT_SUPPORTED}
     */
    public Snapshot importFrom(SnapshotLabel label, InputStream source) {
        return parts.store.run(
                "snapshot.import",
                parts.subject().with(label),
                operation -> archives.importFrom(label, source, operation));
    }

    /** Gives a snapshot one more tag. @throws StorageException {@code TAG_EXISTS}, also where it carries it already */
    public Snapshot tag(SnapshotLabel label, Tag tag) {
        return parts.recording("snapshot.tag", parts.subject().with(label), operation -> {
            SnapshotRecord known = parts.requireValid(label).record();
            parts.index().requireFree(tag);
            return keep(known.withTag(tag));
        });
    }

    /** Takes a tag away from whichever snapshot carries it. @throws StorageException {@code TAG_NOT_FOUND} */
    public Snapshot untag(Tag tag) {
        return parts.recording("snapshot.untag", parts.subject(), operation -> {
            SnapshotRecord known = parts.index().find(tag).orElseThrow(() -> tagNotFound(tag));
            return keep(known.withoutTag(tag));
        });
    }

    /** Notes what is known of the set that a snapshot was taken in. */
    public Snapshot group(SnapshotLabel label, SnapshotGroup group) {
        return parts.recording(
                "snapshot.group",
                parts.subject().with(label),
                operation -> keep(parts.require(label).record().withGroup(group)));
    }

    /** Notes how much a snapshot can be relied on. */
    public Snapshot reached(SnapshotLabel label, Consistency consistency) {
        return parts.recording(
                "snapshot.consistency",
                parts.subject().with(label),
                operation -> keep(parts.require(label).record().withConsistency(consistency)));
    }

    /** Protects a snapshot, or renews the owner's hold. */
    public Snapshot hold(SnapshotLabel label, String owner, String reason, Optional<Instant> expires) {
        SnapshotRequest.requireShort("reason of a hold", reason);
        return parts.recording("snapshot.hold", parts.subject().with(label), operation -> {
            SnapshotRecord known = parts.requireValid(label).record();
            return keep(known.withHold(new Hold(owner, reason, parts.store.now(), expires)));
        });
    }

    /** Gives a hold back. @throws StorageException {@code NOT_FOUND} where the owner has none */
    public Snapshot unhold(SnapshotLabel label, String owner) {
        return parts.recording("snapshot.unhold", parts.subject().with(label), operation -> {
            SnapshotRecord known = parts.require(label).record();
            if (known.holds().stream().noneMatch(hold -> hold.owner().equals(owner))) {
                throw new StorageException(
                        ErrorCode.NOT_FOUND, "snapshot '" + label + "' has no hold of owner '" + owner + "'");
            }
            return keep(known.withoutHold(owner));
        });
    }

    private Snapshot keep(SnapshotRecord changed) {
        try {
            parts.records.put(changed);
        } catch (IOException failure) {
            throw parts.failed("cannot change the record of snapshot '" + changed.label() + "'", failure);
        }
        return parts.require(changed.label());
    }

    /** Keeps a named stream with a snapshot, whole or not at all; an earlier one of that name is replaced. */
    public void writeMetadata(SnapshotLabel label, MetadataName name, InputStream content) {
        parts.store.run("metadata.write", parts.subject().with(label), operation -> {
            parts.requireValid(label);
            try {
                MetadataStreams streams = parts.store.catalog().metadata(parts.name, label);
                streams.write(name, content, place -> parts.whileValid(label, place));
                return name;
            } catch (IOException failure) {
                throw parts.failed("cannot write metadata '" + name + "' of snapshot '" + label + "'", failure);
            }
        });
    }

    /** The stream, to be closed by the caller. @throws StorageException {@code METADATA_NOT_FOUND} */
    public InputStream readMetadata(SnapshotLabel label, MetadataName name) {
        parts.require(label);
        try {
            return parts.store.catalog().metadata(parts.name, label).read(name).orElseThrow(() -> new StorageException(
                            ErrorCode.METADATA_NOT_FOUND, "snapshot '" + label + "' has no metadata '" + name + "'")
                    .with("metadata", name));
        } catch (IOException failure) {
            throw parts.failed("cannot read metadata '" + name + "' of snapshot '" + label + "'", failure);
        }
    }

    /** The names of the metadata streams of a snapshot with their sizes in bytes. */
    public Map<String, Long> metadata(SnapshotLabel label) {
        parts.require(label);
        try {
            return parts.store.catalog().metadata(parts.name, label).sizes();
        } catch (IOException failure) {
            throw parts.failed("cannot list the metadata of snapshot '" + label + "'", failure);
        }
    }

    /**
     * Bytes that removing this snapshot alone gives back; empty where the driver cannot tell. What several snapshots share
     * among themselves and with nothing else comes back with the last of them, so the sum of some is the least they
     * give together. May take seconds.
     */
    public OptionalLong exclusiveBytes(SnapshotLabel label) {
        if (!parts.store.can(Capability.EXCLUSIVE_SIZE)) {
            return OptionalLong.empty();
        }
        parts.requireValid(label);
        ExclusiveSize driver = (ExclusiveSize) parts.store.driver();
        return OptionalLong.of(driver.exclusiveBytes(parts.name, label, Work.unwatched()));
    }

    /** Grows the volume. @throws StorageException {@code NO_SHRINK}, {@code NOT_SUPPORTED} */
    public VolumeRecord resize(long bytes) {
        return parts.exclusively("volume.resize", parts.subject(), operation -> {
            Capabilities.require(parts.store, Capability.RESIZE, "resize volumes");
            record = new Resize(parts).run(record.withSize(bytes));
            return record;
        });
    }

    /** Unmounts or deactivates; using the volume brings it back. */
    public void release() {
        parts.exclusively("volume.release", parts.subject(), operation -> {
            parts.store.driver().release(parts.name);
            return parts.name;
        });
    }

    /** Whether it is as it was made: no snapshot, none on its way, nothing in the head. */
    boolean isUnused() {
        synchronized (parts.index()) {
            return parts.snapshots().isEmpty() && parts.index().reserved().isEmpty() && EmptyHead.isEmpty(path());
        }
    }

    /** Removes head, snapshots and records; called by the store, which forgets the volume then. */
    void remove(Optional<String> plan, Operation operation) {
        new VolumeRemover(parts, obstacles)
                .remove(operation, () -> planner.require(plan, "volume.remove", Optional.empty()));
    }
}
