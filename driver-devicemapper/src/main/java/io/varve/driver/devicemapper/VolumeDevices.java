package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The thin devices of one volume, in memory and in the book at once. Lists may come at any time; whoever changes
 * something or looks before acting holds the lock, which is this object.
 */
final class VolumeDevices {
    private final VolumeName name;
    private final DeviceBook book;
    private final ConcurrentMap<Integer, Entry> entries = new ConcurrentHashMap<>();
    private final ConcurrentMap<SnapshotLabel, Entry> snapshots = new ConcurrentHashMap<>();
    private final ConcurrentMap<SnapshotLabel, Entry> lost = new ConcurrentHashMap<>();
    private final Set<SnapshotLabel> labels = Collections.unmodifiableSet(snapshots.keySet());
    private volatile Optional<Entry> head = Optional.empty();

    VolumeDevices(VolumeName name, DeviceBook book, List<Entry> known) {
        this.name = name;
        this.book = book;
        known.forEach(this::put);
    }

    private void put(Entry entry) {
        entries.put(entry.id(), entry);
        switch (entry.role()) {
            case Role.Snapshot(SnapshotLabel label) -> snapshots.put(label, entry);
            case Role.Head live -> head = Optional.of(entry);
            case Role.Taking taking -> {}
            case Role.Next next -> {}
            case Role.Making making -> {}
            case Role.Removing removing -> {}
        }
    }

    /** After its successor was put, so that nobody sees a volume without a head meanwhile. */
    private void drop(Entry entry) {
        if (entry.role() instanceof Role.Snapshot(SnapshotLabel label)) {
            snapshots.remove(label, entry);
            lost.remove(label, entry);
        }
        head = head.filter(live -> !live.equals(entry));
    }

    VolumeName name() {
        return name;
    }

    Collection<Entry> entries() {
        return List.copyOf(entries.values());
    }

    /** Follows later changes. */
    Set<SnapshotLabel> labels() {
        return labels;
    }

    boolean hasHead() {
        return head.isPresent();
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Optional<Entry> head() {
        return head;
    }

    Optional<Entry> snapshot(SnapshotLabel label) {
        return Optional.ofNullable(snapshots.get(label));
    }

    /** A snapshot whose device is not in the pool is none any more; the book keeps it until it is removed. */
    void lose(Entry entry) {
        if (entry.role() instanceof Role.Snapshot(SnapshotLabel label) && snapshots.remove(label, entry)) {
            lost.put(label, entry);
        }
    }

    /** The same with one that was lost. */
    Optional<Entry> snapshotOrLost(SnapshotLabel label) {
        return snapshot(label).or(() -> Optional.ofNullable(lost.get(label)));
    }

    /** Those that were lost. */
    List<SnapshotLabel> lost() {
        return lost.keySet().stream().sorted().toList();
    }

    /** Writes a new device down, durably, before it is made. */
    void add(Entry entry) throws IOException {
        book.add(name, entry);
        put(entry);
    }

    /** Gives a device another role; durable with the next {@link #sync}. */
    Entry change(Entry from, Role role) throws IOException {
        return replace(from, from.with(role));
    }

    Entry replace(Entry from, Entry to) throws IOException {
        book.change(name, from, to);
        put(to);
        drop(from);
        return to;
    }

    /** Two roles that change together; whoever lists sees a head at any time. */
    void changeBoth(Entry one, Role its, Entry other, Role others) throws IOException {
        book.change(name, one, one.with(its));
        book.sync(name);
        book.change(name, other, other.with(others));
        put(one.with(its));
        put(other.with(others));
        drop(one);
        drop(other);
    }

    void sync() throws IOException {
        book.sync(name);
    }

    /** Forgets a device that is in the pool no more. */
    void forget(Entry entry) throws IOException {
        book.forget(name, entry);
        entries.remove(entry.id());
        drop(entry);
    }

    /** Forgets the volume where it has no device any more. */
    boolean forgetIfEmpty() throws IOException {
        if (entries.isEmpty()) {
            book.forgetIfEmpty(name);
        }
        return entries.isEmpty();
    }
}
