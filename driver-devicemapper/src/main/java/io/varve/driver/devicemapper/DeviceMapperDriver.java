package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.linux.DetachedMount;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.Mounts;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.ExclusiveSize;
import io.varve.spi.SnapshotBuilder;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A store on a thin pool: a volume is a thin device with a filesystem, mounted directly in the root; a snapshot is a thin
 * device that shares its blocks, mounted for reading when it is looked at.
 *
 * <p>Which device is what stands in the {@link DeviceBook} before it is made. A snapshot is taken while the head is
 * suspended, which brings its filesystem into a whole state; it is always resumed, by the next process if need be.
 */
final class DeviceMapperDriver implements Driver, SnapshotBuilder, ExclusiveSize {
    static final Set<Capability> CAPABILITIES =
            Set.of(Capability.INSTANT_SNAPSHOT, Capability.RESIZE, Capability.IMPORT, Capability.EXCLUSIVE_SIZE);

    private final StoreLayout layout;
    private final ThinStore store;
    private final ThinMounts mounts;
    private final HeadSwitch headSwitch;

    /** Opens a store and settles what an earlier process left in it. */
    DeviceMapperDriver(StoreLayout layout, DeviceMapperOptions options, DeviceMapper mapper) throws IOException {
        this.layout = layout;
        this.store = ThinStore.open(layout, options, mapper);
        this.mounts = store.mounts();
        this.headSwitch = new HeadSwitch(store);
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
    }

    @Override
    public void createVolume(VolumeName volume, VolumeSpec spec) {
        String action = "cannot make volume '" + volume + "'";
        run(action, Map.of("volume", volume), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                requireFree(devices, action);
                store.requireSpace(action);
                Entry made = store.makeEmpty(devices, size(spec, action), action);
                place(devices, made);
            }
        });
    }

    private long size(VolumeSpec spec, String action) {
        long bytes = StorePool.wholeBlocks(spec.size().orElse(store.record().baseSize()));
        long smallest = store.record().filesystem().smallest();
        if (bytes < smallest) {
            throw new StorageException(
                    ErrorCode.REQUEST_INVALID,
                    action + ": " + bytes + " bytes are too small for "
                            + store.record().filesystem().type() + ", which needs " + smallest);
        }
        return bytes;
    }

    private void requireFree(VolumeDevices devices, String action) throws IOException {
        Path head = layout.volume(devices.name());
        if (devices.hasHead()) {
            throw new StorageException(ErrorCode.VOLUME_EXISTS, action + ": it exists already");
        }
        if (Kernel.exists(head)) {
            throw new StorageException(
                    ErrorCode.PATH_IS_STORE,
                    action + ": something that is not a volume is at " + head
                            + "; move it away or choose another name");
        }
    }

    /** The volume is there from the change of the role on; what is done afterwards is done again at the next open. */
    private void place(VolumeDevices devices, Entry made) throws IOException {
        Path head = layout.volume(devices.name());
        try (DetachedMount mount = mounts.prepare(made)) {
            ThinMounts.ensureDirectory(head);
            devices.change(made, new Role.Head());
            devices.sync();
            mount.attach(head);
        } catch (IOException | RuntimeException failure) {
            if (!devices.hasHead()) {
                store.discard(devices, made, failure);
                ThinMounts.removeIfEmpty(head);
            }
            throw failure;
        }
    }

    @Override
    public void deleteVolume(VolumeName volume) {
        String action = "cannot remove volume '" + volume + "'";
        run(action, Map.of("volume", volume), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                Optional<Entry> head = devices.head();
                if (head.isPresent()) {
                    store.requireRemovable(action);
                    Path path = layout.volume(volume);
                    Mounts.requireNoneBelow(path, action);
                    mounts.unmount(head.get(), path, action);
                    store.remove(devices, head.get());
                    ThinMounts.removeIfEmpty(path);
                }
                store.forgetIfEmpty(devices);
            }
        });
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        String action = "cannot remove snapshot '" + label.fullName(volume) + "'";
        run(action, names(volume, label), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                Optional<Entry> snapshot = devices.snapshotOrLost(label);
                if (snapshot.isPresent()) {
                    store.requireRemovable(action);
                    Path path = layout.snapshot(volume, label);
                    mounts.unmount(snapshot.get(), path, action);
                    store.remove(devices, snapshot.get());
                    ThinMounts.removeIfEmpty(path);
                    ThinMounts.removeIfEmpty(layout.snapshots(volume));
                }
                store.forgetIfEmpty(devices);
            }
        });
    }

    @Override
    public List<VolumeName> volumes() {
        return store.volumes();
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        return store.find(volume).map(VolumeDevices::labels).orElse(Set.of());
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        String action = "cannot take snapshot '" + label.fullName(volume) + "'";
        run(action, names(volume, label), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                Entry head = requireHead(devices, action);
                requireNoSnapshot(devices, label, action);
                store.requireSpace(action);
                Work.checkpoint(work);
                // A head that was not unmounted before a crash is whole only after it was mounted again.
                mounts.mountHead(head, layout.volume(volume));
                take(devices, head, label, action);
            }
        });
        return SnapshotOutcome.clean();
    }

    private void take(VolumeDevices devices, Entry head, SnapshotLabel label, String action) throws IOException {
        Entry taking = store.make(
                devices,
                head.bytes(),
                new Role.Taking(label),
                id -> store.snapshotOfActive(id, head.id(), action),
                action);
        // Should this be lost in a power cut, the pool's having the device says the same.
        devices.change(taking, new Role.Snapshot(label));
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        String action = "cannot roll volume '" + volume + "' back to '" + from + "'";
        List<String> warnings = new ArrayList<>();
        run(action, names(volume, from), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                Entry head = requireHead(devices, action);
                Entry source = requireSnapshot(devices, from, action);
                requireNoSnapshot(devices, undo, action);
                Mounts.requireNoneBelow(layout.volume(volume), action);
                store.requireSpace(action);
                warnings.addAll(headSwitch.revert(devices, head, source, undo, work, action));
            }
        });
        return new SnapshotOutcome(warnings);
    }

    private static Entry requireHead(VolumeDevices devices, String action) {
        return devices.head()
                .orElseThrow(() -> new StorageException(
                        ErrorCode.VOLUME_NOT_FOUND, action + ": there is no volume '" + devices.name() + "'"));
    }

    private static Entry requireSnapshot(VolumeDevices devices, SnapshotLabel label, String action) {
        return devices.snapshot(label)
                .orElseThrow(() -> new StorageException(
                        ErrorCode.SNAPSHOT_NOT_FOUND,
                        action + ": there is no snapshot '" + label.fullName(devices.name()) + "'"));
    }

    private static void requireNoSnapshot(VolumeDevices devices, SnapshotLabel label, String action) {
        if (devices.snapshotOrLost(label).isPresent()) {
            String what = "snapshot '" + label.fullName(devices.name()) + "'";
            throw new StorageException(ErrorCode.SNAPSHOT_EXISTS, action + ": " + what + " exists already")
                    .with("snapshot", label);
        }
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        return label.map(snapshot -> expose(volume, snapshot)).orElseGet(() -> expose(volume));
    }

    private Path expose(VolumeName volume, SnapshotLabel label) {
        String action = "cannot show snapshot '" + label.fullName(volume) + "'";
        Path path = layout.snapshot(volume, label);
        run(action, names(volume, label), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                mounts.mountSnapshot(requireSnapshot(devices, label, action), path);
            }
        });
        return path;
    }

    private Path expose(VolumeName volume) {
        String action = "cannot show volume '" + volume + "'";
        Path path = layout.volume(volume);
        run(action, Map.of("volume", volume), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                mounts.mountHead(requireHead(devices, action), path);
            }
        });
        return path;
    }

    @Override
    public void release(VolumeName volume) {
        String action = "cannot release volume '" + volume + "'";
        run(action, Map.of("volume", volume), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                store.release(devices, action);
            }
        });
    }

    /** Written down first: a device that is too large for its filesystem does no harm, the other way round it would. */
    @Override
    public void resize(VolumeName volume, long bytes) {
        String action = "cannot resize volume '" + volume + "'";
        run(action, Map.of("volume", volume), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                Entry head = requireHead(devices, action);
                if (bytes <= head.bytes()) {
                    throw new StorageException(
                            ErrorCode.NO_SHRINK,
                            action + " to " + bytes + " bytes: it has " + head.bytes() + " and can only grow");
                }
                mounts.mountHead(head, layout.volume(volume));
                store.requireSpace(mounts.growth(head, layout.volume(volume), bytes), action);
                Entry grown = devices.replace(head, head.sized(StorePool.wholeBlocks(bytes)));
                devices.sync();
                mounts.grow(grown, layout.volume(volume));
            }
        });
    }

    @Override
    public DriverStatus status() {
        return call("cannot tell the status of the store", Map.of(), () -> new PoolStatus(store).read());
    }

    /** Reads the whole metadata of the pool: a second for some millions of its blocks. */
    @Override
    public long exclusiveBytes(VolumeName volume, SnapshotLabel label, Work work) {
        String action = "cannot tell what snapshot '" + label.fullName(volume) + "' takes";
        return call(action, names(volume, label), () -> {
            Entry snapshot = requireSnapshot(store.devices(volume), label, action);
            Work.checkpoint(work);
            return store.contents().exclusive(snapshot);
        });
    }

    @Override
    public Path begin(VolumeName volume, SnapshotLabel label, long bytes) {
        String action = "cannot begin snapshot '" + label.fullName(volume) + "'";
        return call(action, names(volume, label), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                requireNoSnapshot(devices, label, action);
                store.requireSpace(bytes, action);
                return store.builds().begin(devices, label, bytes, action);
            }
        });
    }

    @Override
    public void commit(VolumeName volume, SnapshotLabel label) {
        String action = "cannot finish snapshot '" + label.fullName(volume) + "'";
        run(action, names(volume, label), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                requireNoSnapshot(devices, label, action);
                store.builds().commit(devices, label, action);
            }
        });
    }

    @Override
    public void abandon(VolumeName volume, SnapshotLabel label) {
        run("cannot throw away snapshot '" + label.fullName(volume) + "'", names(volume, label), () -> {
            VolumeDevices devices = store.devices(volume);
            synchronized (devices) {
                store.builds().abandon(devices, label);
                store.forgetIfEmpty(devices);
            }
        });
    }

    /** What somebody uses stays mounted, and the next open takes it over. */
    @Override
    public void close() {
        try {
            store.close();
        } catch (IOException failure) {
            throw new StorageException(
                    ErrorCode.SHUTDOWN_FAILED,
                    "cannot close the store at " + layout.root() + ": " + failure.getMessage(),
                    failure);
        }
    }

    private static Map<String, Object> names(VolumeName volume, SnapshotLabel label) {
        return Map.of("volume", volume, "snapshot", label);
    }

    /** Something that may fail in the kernel. */
    private interface Step {
        void run() throws IOException;
    }

    /** The same, with a result. */
    private interface Call<T> {
        T run() throws IOException;
    }

    private static void run(String action, Map<String, ?> names, Step step) {
        call(action, names, () -> {
            step.run();
            return true;
        });
    }

    private static <T> T call(String action, Map<String, ?> names, Call<T> call) {
        try {
            return call.run();
        } catch (IOException failure) {
            throw named(KernelException.storage(action, failure), names);
        } catch (StorageException failure) {
            throw named(failure, names);
        }
    }

    private static StorageException named(StorageException failure, Map<String, ?> names) {
        StorageException named = failure;
        for (Map.Entry<String, ?> name : names.entrySet()) {
            named = named.with(name.getKey(), name.getValue());
        }
        return named;
    }
}
