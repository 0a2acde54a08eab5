package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.linux.DetachedMount;
import io.varve.linux.MountTable;
import io.varve.linux.Mounts;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Brings book, pool and mounts of a store together again when it is opened, whatever an earlier process left: mounts it
 * died with are taken over, what was unfinished is finished or thrown away. Doing it twice does no harm.
 */
final class Settlement {
    private static final System.Logger LOG = System.getLogger(Settlement.class.getName());

    private final ThinStore store;

    Settlement(ThinStore store) {
        this.store = store;
    }

    void run() throws IOException {
        detachBuilds();
        for (VolumeDevices devices : store.all()) {
            new HeadSwitch(store).settle(devices);
            settle(devices);
        }
        stopStrangers();
        for (VolumeDevices devices : store.all()) {
            settleHeadOrLeave(devices);
            devices.forgetIfEmpty();
        }
        removeEmptyPlaces();
    }

    private void detachBuilds() throws IOException {
        for (MountTable.Mount mount : MountTable.read().below(store.buildPlace())) {
            Mounts.detach(mount.point());
        }
        for (Path tree : list(store.buildPlace())) {
            ThinMounts.removeIfEmpty(tree);
        }
    }

    private void settle(VolumeDevices devices) throws IOException {
        for (Entry entry : devices.entries()) {
            switch (entry.role()) {
                case Role.Taking(SnapshotLabel label) -> {
                    boolean taken = store.pool().contains(entry.id());
                    devices.change(entry, taken ? new Role.Snapshot(label) : new Role.Removing());
                }
                case Role.Making making -> devices.change(entry, new Role.Removing());
                case Role.Head head -> {}
                case Role.Snapshot snapshot -> {}
                case Role.Next next -> throw new IllegalStateException("it was settled before");
                case Role.Removing removing -> {}
            }
        }
        if (store.isRemovable()) {
            store.tidy(devices);
        }
        if (!devices.isEmpty() || !devices.hasHead()) {
            removeLostPlace(devices);
        }
    }

    /** The directory of a volume whose making or removal was cut short; one with anything in it is not ours. */
    private void removeLostPlace(VolumeDevices devices) throws IOException {
        Path path = store.layout().volume(devices.name());
        if (!devices.hasHead() && ThinMounts.mountedAt(path).isEmpty()) {
            ThinMounts.removeIfEmpty(path);
        }
    }

    /** Devices at work that the book knows nothing of, for example because it was lost, are left alone in the pool. */
    private void stopStrangers() throws IOException {
        Set<Integer> known = new HashSet<>();
        store.all().forEach(devices -> devices.entries().forEach(entry -> known.add(entry.id())));
        for (int id : store.pool().atWork()) {
            if (!known.contains(id)) {
                store.pool().deactivate(id, ThinMounts.INSTANT);
            }
        }
    }

    /** A volume whose filesystem cannot be mounted fails those who use it, not the other volumes. */
    private void settleHeadOrLeave(VolumeDevices devices) {
        try {
            settleHead(devices);
        } catch (IOException | StorageException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "volume '" + devices.name() + "' cannot be mounted: " + failure.getMessage());
        }
    }

    /** Mounts a head; a rollback that was cut short may have left the state before it there. */
    private void settleHead(VolumeDevices devices) throws IOException {
        Optional<Entry> head = devices.head();
        if (head.isEmpty()) {
            return;
        }
        Path path = store.layout().volume(devices.name());
        ThinMounts.ensureDirectory(path);
        OptionalLong mounted = ThinMounts.mountedAt(path);
        if (mounted.isPresent() && !store.mounts().isMounted(head.get(), path) && isOfStore(devices, path)) {
            try (DetachedMount mount = store.mounts().prepare(head.get())) {
                ThinMounts.replace(path, mount);
            }
        } else {
            store.mounts().mountHead(head.get(), path);
        }
    }

    private boolean isOfStore(VolumeDevices devices, Path path) throws IOException {
        for (Entry entry : devices.entries()) {
            if (store.mounts().isMounted(entry, path)) {
                return true;
            }
        }
        return false;
    }

    private void removeEmptyPlaces() throws IOException {
        for (Path volume : list(store.layout().snapshots())) {
            VolumeName name = VolumeName.of(volume.getFileName().toString());
            Set<SnapshotLabel> labels =
                    store.find(name).map(VolumeDevices::labels).orElse(Set.of());
            for (Path place : list(volume)) {
                if (!labels.contains(SnapshotLabel.of(place.getFileName().toString()))) {
                    ThinMounts.removeIfEmpty(place);
                }
            }
            ThinMounts.removeIfEmpty(volume);
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        if (Files.isDirectory(directory)) {
            try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
                entries.forEach(found::add);
            }
        }
        return found;
    }
}
