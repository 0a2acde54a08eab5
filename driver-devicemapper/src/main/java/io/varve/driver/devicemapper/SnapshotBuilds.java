package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.linux.DurableFiles;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** Snapshots that are filled from outside: each a device of its own, mounted in a private directory until it is whole. */
final class SnapshotBuilds {
    private record Key(VolumeName volume, SnapshotLabel label) {}

    private final ThinStore store;
    private final Path place;
    private final Map<Key, Entry> builds = new ConcurrentHashMap<>();

    SnapshotBuilds(ThinStore store, Path place) {
        this.store = store;
        this.place = place;
    }

    Path begin(VolumeDevices devices, SnapshotLabel label, long bytes, String action) throws IOException {
        abandon(devices, label);
        long size = devices.head().map(Entry::bytes).orElse(store.record().baseSize());
        Entry made = store.makeEmpty(devices, Math.max(size, StorePool.wholeBlocks(bytes + bytes / 8)), action);
        try {
            Path tree = tree(made);
            DurableFiles.makeDirectories(tree);
            store.mounts().mountHead(made, tree);
            builds.put(new Key(devices.name(), label), made);
            return tree;
        } catch (IOException | RuntimeException failure) {
            ThinMounts.removeIfEmpty(tree(made));
            store.discard(devices, made, failure);
            throw failure;
        }
    }

    private Path tree(Entry made) {
        return place.resolve(Integer.toString(made.id()));
    }

    void commit(VolumeDevices devices, SnapshotLabel label, String action) throws IOException {
        Key key = new Key(devices.name(), label);
        Entry made = builds.get(key);
        if (made == null) {
            throw new StorageException(ErrorCode.SNAPSHOT_NOT_FOUND, action + ": it was not begun");
        }
        store.mounts().unmount(made, tree(made), action);
        store.mounts().stop(made);
        devices.change(made, new Role.Snapshot(label));
        devices.sync();
        builds.remove(key);
        ThinMounts.removeIfEmpty(tree(made));
    }

    void abandon(VolumeDevices devices, SnapshotLabel label) throws IOException {
        Key key = new Key(devices.name(), label);
        Entry made = builds.get(key);
        if (made != null) {
            store.mounts().unmount(made, tree(made), "cannot throw away an unfinished snapshot");
            store.remove(devices, made);
            ThinMounts.removeIfEmpty(tree(made));
            builds.remove(key);
        }
    }
}
