package io.varve.volume;

import io.varve.catalog.SnapshotKind;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * The snapshot records of one volume in memory, with the labels and tags that are taken or about to be. Every method is
 * quick; the object's own monitor makes each one atomic, and callers hold it over several.
 */
final class SnapshotIndex {
    private final Map<SnapshotLabel, SnapshotRecord> records = new TreeMap<>();
    private final NavigableSet<SnapshotRecord> byAge = new TreeSet<>(SnapshotRecord.OLDEST_FIRST);
    private final Map<SnapshotLabel, SnapshotRecord> undoPoints = new HashMap<>();
    private final Map<Tag, SnapshotLabel> tags = new HashMap<>();
    private final Map<SnapshotLabel, List<Tag>> reserved = new HashMap<>();

    SnapshotIndex(Map<SnapshotLabel, SnapshotRecord> found) {
        found.values().forEach(this::add);
    }

    synchronized List<SnapshotRecord> records() {
        return List.copyOf(records.values());
    }

    /** Those that come after a record by age, nearest first; to be read while the caller holds the monitor. */
    synchronized Collection<SnapshotRecord> newerThan(SnapshotRecord record) {
        return Collections.unmodifiableSet(byAge.tailSet(record, false));
    }

    /** The youngest that a policy made and {@code there} holds for. */
    synchronized Optional<SnapshotRecord> newestOf(String policy, Predicate<SnapshotRecord> there) {
        return byAge.descendingSet().stream()
                .filter(record -> record.kind() == SnapshotKind.POLICY)
                .filter(record -> record.policy().filter(policy::equals).isPresent())
                .filter(there)
                .findFirst();
    }

    synchronized List<SnapshotRecord> undoPoints() {
        return List.copyOf(undoPoints.values());
    }

    synchronized int size() {
        return records.size();
    }

    synchronized Optional<SnapshotRecord> find(SnapshotLabel label) {
        return Optional.ofNullable(records.get(label));
    }

    synchronized Optional<SnapshotRecord> find(Tag tag) {
        return Optional.ofNullable(tags.get(tag)).map(records::get);
    }

    synchronized boolean taken(SnapshotLabel label) {
        return records.containsKey(label) || reserved.containsKey(label);
    }

    /** The labels of what is being made or removed. */
    synchronized List<SnapshotLabel> reserved() {
        return reserved.keySet().stream().sorted().toList();
    }

    /** Keeps those of the tags for a reserved label that nobody has or is about to have. */
    synchronized List<Tag> claim(SnapshotLabel label, Collection<Tag> wanted) {
        List<Tag> free =
                wanted.stream().distinct().filter(tag -> !tags.containsKey(tag)).toList();
        free.forEach(tag -> tags.put(tag, label));
        reserved.merge(label, free, (before, more) -> Stream.concat(before.stream(), more.stream())
                .toList());
        return free;
    }

    /** Keeps a label and tags for a snapshot that is being made. */
    synchronized void reserve(SnapshotLabel label, Collection<Tag> wanted) {
        if (taken(label)) {
            throw new StorageException(ErrorCode.SNAPSHOT_EXISTS, "there is a snapshot '" + label + "' already");
        }
        requireFree(wanted);
        reserved.put(label, List.copyOf(wanted));
        wanted.forEach(tag -> tags.put(tag, label));
    }

    private void requireFree(Collection<Tag> wanted) {
        Set<Tag> seen = new HashSet<>();
        for (Tag tag : wanted) {
            SnapshotLabel carrier = tags.get(tag);
            if (carrier != null) {
                throw tagExists(tag, "snapshot '" + carrier + "' carries it");
            }
            if (!seen.add(tag)) {
                throw tagExists(tag, "it is given twice");
            }
        }
    }

    private static StorageException tagExists(Tag tag, String why) {
        return new StorageException(ErrorCode.TAG_EXISTS, "tag '" + tag + "' cannot be given: " + why).with("tag", tag);
    }

    synchronized void requireFree(Tag tag) {
        requireFree(List.of(tag));
    }

    /** Gives back what {@link #reserve} kept and {@link #put} did not make real. */
    synchronized void cancel(SnapshotLabel label) {
        List<Tag> kept = reserved.remove(label);
        if (kept != null) {
            kept.forEach(tag -> tags.remove(tag, label));
        }
    }

    /** Adds or replaces a record. */
    synchronized void put(SnapshotRecord record) {
        cancel(record.label());
        remove(record.label());
        add(record);
    }

    private void add(SnapshotRecord record) {
        records.put(record.label(), record);
        byAge.add(record);
        if (record.kind() == SnapshotKind.UNDO) {
            undoPoints.put(record.label(), record);
        }
        record.tags().forEach(tag -> tags.put(tag, record.label()));
    }

    /** Takes a snapshot out of all sight; its label and tags stay taken until {@link #cancel} or {@link #put}. */
    synchronized void hide(SnapshotLabel label) {
        List<Tag> kept = find(label).map(SnapshotRecord::tags).orElse(List.of());
        remove(label);
        reserved.put(label, kept);
        kept.forEach(tag -> tags.put(tag, label));
    }

    private void remove(SnapshotLabel label) {
        SnapshotRecord old = records.remove(label);
        if (old != null) {
            byAge.remove(old);
            undoPoints.remove(label);
            old.tags().forEach(tag -> tags.remove(tag, label));
        }
    }
}
