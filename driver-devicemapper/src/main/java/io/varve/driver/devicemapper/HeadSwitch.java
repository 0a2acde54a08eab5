package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.linux.DetachedMount;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Puts a copy of a snapshot in the head's place and keeps the head before as a snapshot.
 *
 * <pre>
 * 1  a device is made of the snapshot and mounted at no place       ID,BYTES,making
 * 2  it is written down which transaction of the pool is the switch  ID,BYTES,next,N,UNDO
 * 3  the pool's transaction is moved from N-1 to N: the switch
 * 4  the new filesystem appears at the head's path, the old one goes
 * 5  the old head becomes the snapshot UNDO, the new one the head, in the book too
 * </pre>
 *
 * The pool carries out step 3 whole or not at all, durably, and for one of two who try; so the pool alone says after a
 * crash whether the switch happened, and {@link #settle} does what follows from it.
 */
final class HeadSwitch {
    private final ThinStore store;
    private final ThinPools pool;
    private final ThinMounts mounts;

    HeadSwitch(ThinStore store) {
        this.store = store;
        this.pool = store.pool();
        this.mounts = store.mounts();
    }

    /** @return what a person should know */
    List<String> revert(VolumeDevices devices, Entry head, Entry source, SnapshotLabel undo, Work work, String action)
            throws IOException {
        // A volume that was made larger stays so.
        long bytes = Math.max(head.bytes(), source.bytes());
        Entry made = store.copy(devices, source, bytes, action);
        try (DetachedMount mount = mounts.prepare(made)) {
            Work.checkpoint(work);
            Entry next = advance(devices, made, undo);
            return appear(devices, head, next, undo, mount);
        } catch (IOException | RuntimeException failure) {
            if (isStill(devices, made)) {
                store.discard(devices, made, failure);
            }
            throw failure;
        }
    }

    private static boolean isStill(VolumeDevices devices, Entry made) {
        return devices.entries().stream()
                .anyMatch(entry -> entry.id() == made.id() && entry.role() instanceof Role.Making);
    }

    /** Steps 2 and 3; those of different volumes follow each other. */
    private Entry advance(VolumeDevices devices, Entry made, SnapshotLabel undo) throws IOException {
        synchronized (pool) {
            long now = pool.fill().transaction();
            Entry next = devices.change(made, new Role.Next(now + 1, undo));
            try {
                devices.sync();
                pool.advance(now);
                return next;
            } catch (IOException | RuntimeException failure) {
                if (pool.fill().transaction() == now) {
                    devices.change(next, new Role.Making());
                }
                throw failure;
            }
        }
    }

    private List<String> appear(VolumeDevices devices, Entry head, Entry next, SnapshotLabel undo, DetachedMount mount)
            throws IOException {
        Path path = store.layout().volume(devices.name());
        try {
            ThinMounts.ensureDirectory(path);
            ThinMounts.replace(path, mount);
        } finally {
            devices.changeBoth(head, new Role.Snapshot(undo), next, new Role.Head());
        }
        if (mounts.stopNow(head)) {
            return List.of();
        }
        return mounts.stop(head)
                ? List.of()
                : List.of("somebody still uses the state before the rollback, which is '" + undo
                        + "' now; what is written there goes into it");
    }

    /** Finishes what had reached its switch; what had not is thrown away with everything unfinished. */
    void settle(VolumeDevices devices) throws IOException {
        long now = pool.fill().transaction();
        for (Entry entry : devices.entries()) {
            if (entry.role() instanceof Role.Next(long transaction, SnapshotLabel undo)) {
                if (transaction <= now) {
                    finish(devices, entry, undo);
                } else {
                    devices.change(entry, new Role.Making());
                }
            }
        }
    }

    private void finish(VolumeDevices devices, Entry next, SnapshotLabel undo) throws IOException {
        if (devices.head().isPresent()) {
            devices.changeBoth(devices.head().get(), new Role.Snapshot(undo), next, new Role.Head());
        } else {
            devices.change(next, new Role.Head());
            devices.sync();
        }
    }
}
