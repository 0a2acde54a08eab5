package io.varve.conformance;

import io.varve.catalog.Tag;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Event;
import io.varve.volume.Operations;
import io.varve.volume.RollbackResult;
import io.varve.volume.Snapshot;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Store;
import io.varve.volume.StoreName;
import io.varve.volume.Surroundings;
import io.varve.volume.Volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** An open store on a fresh root, and short ways to do what tests do to it. */
final class Rig implements AutoCloseable {
    static final Instant START = Instant.parse("2026-03-29T00:59:58.123Z");
    private static final StoreName NAME = StoreName.of("tried");

    private final OpenRoot root;
    private final SettableClock clock = new SettableClock(START);
    private final List<Event> events = new CopyOnWriteArrayList<>();
    private final Operations operations = new Operations(clock, events::add);
    private final Set<String> written = ConcurrentHashMap.newKeySet();
    private final Set<String> foreign = ConcurrentHashMap.newKeySet();
    private Duration patience = Duration.ofSeconds(60);
    private boolean leavesInvalid;
    private Store store;

    Rig(DriverFixture fixture, Path place) {
        root = new OpenRoot(fixture, place);
        store = over();
    }

    private Store over() {
        Surroundings surroundings = new Surroundings(clock, operations, patience, Duration.ofHours(24));
        return Store.over(NAME, root.open(), surroundings);
    }

    Store store() {
        return store;
    }

    /** The driver below the store, without faults. */
    Driver driver() {
        return root.driver();
    }

    OpenRoot root() {
        return root;
    }

    StoreLayout layout() {
        return root.layout();
    }

    Faults faults() {
        return root.faults();
    }

    SettableClock clock() {
        return clock;
    }

    Operations operations() {
        return operations;
    }

    List<Event> events() {
        return events;
    }

    boolean can(Capability capability) {
        return driver().capabilities().contains(capability);
    }

    /** Opens the store again, as the next process does; volumes fetched before are worth nothing then. */
    void reopen() {
        root.reopen();
        store = over();
    }

    /** Opens the store again after something was done to its files. */
    void reopen(Unchecked.Action meanwhile) {
        root.reopen(meanwhile);
        store = over();
    }

    void reopenWithPatience(Duration wait) {
        patience = wait;
        reopen();
    }

    /** Makes a volume. */
    Volume volume(String name) {
        return store.createVolume(VolumeName.of(name), VolumeSpec.unlimited());
    }

    /** The volume of that name in the store as it is open now. */
    Volume find(String name) {
        return store.volume(VolumeName.of(name));
    }

    static SnapshotLabel label(String text) {
        return SnapshotLabel.of(text);
    }

    /** Takes a snapshot, a second after whatever was before. */
    Snapshot snapshot(Volume volume, String label, String... tags) {
        clock.pass(Duration.ofSeconds(1));
        return volume.snapshot(SnapshotRequest.manual(
                Optional.of(label(label)), "", Stream.of(tags).map(Tag::of).toList()));
    }

    RollbackResult rollback(Volume volume, String label) {
        clock.pass(Duration.ofSeconds(1));
        return rollback(volume, label, false, Optional.empty());
    }

    /** Rolls back at this very instant. */
    static RollbackResult rollback(Volume volume, String label, boolean force, Optional<Duration> undoFor) {
        return volume.rollback(label(label), force, undoFor, Optional.empty());
    }

    /** Writes a file of the user's; directories on the way are made. */
    void write(Volume volume, String path, String text) {
        mine(path.split("/", 2)[0]);
        write(volume.path().resolve(path), text);
    }

    static void write(Path file, String text) {
        try {
            Files.createDirectories(file.resolveSibling(""));
            Files.writeString(file, text, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new AssertionError("cannot write " + file, failure);
        }
    }

    static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException failure) {
            throw new AssertionError("cannot read " + file, failure);
        }
    }

    String read(Volume volume, String path) {
        return read(volume.path().resolve(path));
    }

    String read(Volume volume, String label, String path) {
        return read(volume.path(label(label)).resolve(path));
    }

    /** Says that files of this name in heads are the user's. */
    void mine(String name) {
        written.add(name);
    }

    /** Says that this name in the root is somebody else's. */
    void foreign(String name) {
        foreign.add(name);
    }

    /** Says that the test ends with invalid snapshots on purpose. */
    void leavesInvalidSnapshots() {
        leavesInvalid = true;
    }

    static List<String> labels(Volume volume) {
        return volume.snapshots().stream()
                .map(snapshot -> snapshot.label().value())
                .toList();
    }

    static List<String> validLabels(Volume volume) {
        return volume.snapshots().stream()
                .filter(Snapshot::valid)
                .map(snapshot -> snapshot.label().value())
                .toList();
    }

    /** What must hold after every test. */
    void checkInvariants() {
        root.faults().forgetAll();
        new Invariants(this, written, foreign, leavesInvalid).check();
    }

    @Override
    public void close() {
        root.close();
    }
}
