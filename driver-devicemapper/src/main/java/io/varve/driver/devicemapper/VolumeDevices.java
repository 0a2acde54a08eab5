package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.stream.Collectors;

/**
 * The thin devices of one volume, in memory and in the book at once. Lists may come at any time; whoever changes
 * something or looks before acting holds the lock, which is this object.
 */
final class VolumeDevices {
    private final VolumeName name;
    private final DeviceBook book;
    private final ConcurrentMap<Integer, Entry> entries = new ConcurrentHashMap<>();

    /** What is listed; replaced as a whole, so that nobody sees a change half done. */
    private volatile Set<SnapshotLabel> labels = Set.of();

    private volatile boolean hasHead;

    VolumeDevices(VolumeName name, DeviceBook book, List<Entry> known) {
        this.name = name;
        this.book = book;
        known.forEach(entry -> entries.put(entry.id(), entry));
        publish();
    }

    private void publish() {
        labels = entries.values().stream()
                .flatMap(entry -> label(entry).stream())
                .collect(Collectors.toUnmodifiableSet());
        hasHead = entries.values().stream().anyMatch(entry -> entry.role() instanceof Role.Head);
    }

    private static Optional<SnapshotLabel> label(Entry entry) {
        return entry.role() instanceof Role.Snapshot(SnapshotLabel label) ? Optional.of(label) : Optional.empty();
    }

    VolumeName name() {
        return name;
    }

    Collection<Entry> entries() {
        return List.copyOf(entries.values());
    }

    Set<SnapshotLabel> labels() {
        return labels;
    }

    boolean hasHead() {
        return hasHead;
    }

    boolean isEmpty() {
        return entries.isEmpty();
    }

    Optional<Entry> head() {
        return entries.values().stream()
                .filter(entry -> entry.role() instanceof Role.Head)
                .findFirst();
    }

    Optional<Entry> snapshot(SnapshotLabel label) {
        return entries.values().stream()
                .filter(entry -> label(entry).filter(label::equals).isPresent())
                .findFirst();
    }

    /** Writes a new device down, durably, before it is made. */
    void add(Entry entry) throws IOException {
        book.add(name, entry);
        entries.put(entry.id(), entry);
    }

    /** Gives a device another role; durable with the next {@link #sync}. */
    Entry change(Entry from, Role role) throws IOException {
        return replace(from, from.with(role));
    }

    Entry replace(Entry from, Entry to) throws IOException {
        book.change(name, from, to);
        entries.put(to.id(), to);
        publish();
        return to;
    }

    /** Two roles that change together, seen as one change by whoever lists. */
    void changeBoth(Entry one, Role its, Entry other, Role others) throws IOException {
        book.change(name, one, one.with(its));
        book.sync(name);
        book.change(name, other, other.with(others));
        entries.put(one.id(), one.with(its));
        entries.put(other.id(), other.with(others));
        publish();
    }

    void sync() throws IOException {
        book.sync(name);
    }

    /** Forgets a device that is in the pool no more. */
    void forget(Entry entry) throws IOException {
        book.forget(name, entry);
        entries.remove(entry.id());
        publish();
    }

    /** Forgets the volume where it has no device any more. */
    boolean forgetIfEmpty() throws IOException {
        if (entries.isEmpty()) {
            book.forgetIfEmpty(name);
        }
        return entries.isEmpty();
    }
}
