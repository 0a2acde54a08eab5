package io.varve.policy;

import io.varve.spi.Availability;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverStatus;
import io.varve.spi.DriverType;
import io.varve.spi.ExclusiveSize;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;

import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.BiConsumer;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;

/** Volumes and snapshots as names in memory, so that what is seen to take time is what stands above a driver. */
final class MemoryDriver implements DriverProvider, Driver, ExclusiveSize {
    static final DriverType TYPE = DriverType.of("memory");

    private final Map<VolumeName, Set<SnapshotLabel>> snapshots = new ConcurrentHashMap<>();
    private final Set<VolumeName> heads = ConcurrentHashMap.newKeySet();
    private volatile BiConsumer<VolumeName, SnapshotLabel> atSnapshot = (volume, label) -> {};
    private volatile BiConsumer<VolumeName, SnapshotLabel> atRemoval = (volume, label) -> {};
    private volatile Optional<ToLongFunction<SnapshotLabel>> exclusive = Optional.empty();
    private volatile Supplier<DriverStatus.Space> space = () -> new DriverStatus.Space(100, 0, 100);

    /** Does something whenever a snapshot is about to be taken; an exception fails that. */
    void atSnapshot(BiConsumer<VolumeName, SnapshotLabel> action) {
        atSnapshot = action;
    }

    /** Does something whenever a snapshot is about to be removed; an exception fails that. */
    void atRemoval(BiConsumer<VolumeName, SnapshotLabel> action) {
        atRemoval = action;
    }

    void space(Supplier<DriverStatus.Space> now) {
        space = now;
    }

    /** What each snapshot holds alone; without it, the driver cannot tell. */
    void exclusive(ToLongFunction<SnapshotLabel> bytes) {
        exclusive = Optional.of(bytes);
    }

    /** A snapshot that is there already. */
    void put(VolumeName volume, SnapshotLabel label) {
        of(volume).add(label);
    }

    @Override
    public DriverType type() {
        return TYPE;
    }

    @Override
    public List<DriverOption> options() {
        return List.of();
    }

    @Override
    public Set<Capability> capabilities() {
        return exclusive.isPresent() ? Set.of(Capability.EXCLUSIVE_SIZE) : Set.of();
    }

    @Override
    public long exclusiveBytes(VolumeName volume, SnapshotLabel label, Work work) {
        return exclusive.orElseThrow().applyAsLong(label);
    }

    @Override
    public Availability probe(Path root) {
        return Availability.available();
    }

    @Override
    public List<String> problems(Map<String, String> options) {
        return List.of();
    }

    @Override
    public Driver open(StoreLayout layout, Map<String, String> options) {
        return this;
    }

    @Override
    public void createVolume(VolumeName volume, VolumeSpec spec) {
        heads.add(volume);
    }

    @Override
    public void deleteVolume(VolumeName volume) {
        heads.remove(volume);
    }

    @Override
    public List<VolumeName> volumes() {
        return List.copyOf(heads);
    }

    private Set<SnapshotLabel> of(VolumeName volume) {
        return snapshots.computeIfAbsent(volume, name -> ConcurrentHashMap.newKeySet());
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        atSnapshot.accept(volume, label);
        of(volume).add(label);
        return SnapshotOutcome.clean();
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        atRemoval.accept(volume, label);
        of(volume).remove(label);
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        return Collections.unmodifiableSet(of(volume));
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        of(volume).add(undo);
        return SnapshotOutcome.clean();
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        return Path.of("/nowhere");
    }

    @Override
    public void release(VolumeName volume) {}

    @Override
    public void resize(VolumeName volume, long bytes) {}

    @Override
    public DriverStatus status() {
        return new DriverStatus(space.get(), Map.of(), List.of(), Optional.empty(), List.of());
    }

    @Override
    public void close() {}
}
