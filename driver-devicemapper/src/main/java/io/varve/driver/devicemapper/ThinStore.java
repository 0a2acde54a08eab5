package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.DeviceBook.Role;
import io.varve.driver.devicemapper.DeviceMapper.Device;
import io.varve.driver.devicemapper.ThinPools.Fill;
import io.varve.linux.DetachedMount;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open store: its pool, its book and its mounts, and the steps that driver, rollback and import are made of. */
final class ThinStore {
    private static final System.Logger LOG = System.getLogger(ThinStore.class.getName());

    private final StoreLayout layout;
    private final StorePool storePool;
    private final DeviceMapper mapper;
    private final DeviceMapperOptions options;
    private final DeviceBook book;
    private final ThinMounts mounts;
    private final SnapshotBuilds builds;
    private final PoolGrowth growth;
    private final PoolWatch watch;
    private final Suspensions suspensions;
    private final PoolContents contents;
    private final ConcurrentMap<VolumeName, VolumeDevices> volumes = new ConcurrentHashMap<>();
    private final DeviceNumbers numbers = new DeviceNumbers();
    private final AtomicBoolean closed = new AtomicBoolean();
    private int strangers;

    private ThinStore(StoreLayout layout, DeviceMapperOptions options, DeviceMapper mapper, StorePool storePool) {
        this.layout = layout;
        this.options = options;
        this.mapper = mapper;
        this.storePool = storePool;
        this.book = new DeviceBook(layout.driverPrivate().resolve("devices"));
        this.mounts = new ThinMounts(storePool.pool(), storePool.record().filesystem(), options);
        this.builds = new SnapshotBuilds(this, buildPlace());
        this.growth = storePool.growth();
        this.watch = new PoolWatch(storePool.pool().poolName(), growth);
        this.suspensions = new Suspensions(pool(), Suspensions.DEADLINE);
        this.contents = new PoolContents(pool());
    }

    Path buildPlace() {
        return layout.driverPrivate().resolve("building");
    }

    /** Opens the pool, reads the book, and settles what an earlier process left. */
    static ThinStore open(StoreLayout layout, DeviceMapperOptions options, DeviceMapper mapper) throws IOException {
        StorePool pool = StorePool.open(layout.driverPrivate(), options, mapper);
        ThinStore store = new ThinStore(layout, options, mapper, pool);
        try {
            store.read();
            new Settlement(store).run();
            store.watch.start();
            return store;
        } catch (IOException | RuntimeException failure) {
            store.closeAfter(failure);
            throw failure;
        }
    }

    private void closeAfter(Exception failure) {
        try {
            close();
        } catch (IOException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    private void read() throws IOException {
        for (Map.Entry<VolumeName, List<Entry>> known : book.read().entrySet()) {
            volumes.put(known.getKey(), new VolumeDevices(known.getKey(), book, known.getValue()));
            known.getValue().forEach(entry -> numbers.know(entry.id()));
        }
        compareWithPool();
    }

    private void compareWithPool() throws IOException {
        if (pool().fill().writable()) {
            Set<Integer> inPool = contents.devices();
            passOverStrangers(inPool);
            all().forEach(devices -> loseMissing(devices, inPool));
        }
    }

    /** What others made in the pool, or this store before its book was lost, keeps its number and is left alone. */
    private void passOverStrangers(Set<Integer> inPool) {
        for (int id : inPool) {
            if (numbers.passOver(id)) {
                strangers++;
            }
        }
    }

    /** What somebody deleted in the pool, or a repair of its metadata could not keep, is no snapshot any more. */
    private static void loseMissing(VolumeDevices devices, Set<Integer> inPool) {
        devices.entries().stream().filter(entry -> !inPool.contains(entry.id())).forEach(devices::lose);
    }

    /** How many devices were in the pool at opening that the store knows nothing of. */
    int strangers() {
        return strangers;
    }

    PoolContents contents() {
        return contents;
    }

    StoreLayout layout() {
        return layout;
    }

    StorePool storePool() {
        return storePool;
    }

    ThinPools pool() {
        return storePool.pool();
    }

    PoolRecord record() {
        return storePool.record();
    }

    ThinMounts mounts() {
        return mounts;
    }

    SnapshotBuilds builds() {
        return builds;
    }

    List<VolumeName> volumes() {
        return volumes.values().stream()
                .filter(VolumeDevices::hasHead)
                .map(VolumeDevices::name)
                .toList();
    }

    /** All volumes anything is known of. */
    List<VolumeDevices> all() {
        return List.copyOf(volumes.values());
    }

    Optional<VolumeDevices> find(VolumeName volume) {
        return Optional.ofNullable(volumes.get(volume));
    }

    /** Also of a volume that does not exist yet. */
    VolumeDevices devices(VolumeName volume) {
        return volumes.computeIfAbsent(volume, name -> new VolumeDevices(name, book, List.of()));
    }

    /** Refuses what would bring the pool closer to its end than the administrator allows. */
    void requireSpace(String action) throws IOException {
        requireSpace(0, action);
    }

    /** @param bytes what will surely be written */
    void requireSpace(long bytes, String action) throws IOException {
        growth.run();
        Fill fill = pool().fill();
        if (fill.mode().equals("out_of_data_space")) {
            throw noSpace(action, "the pool is full");
        }
        if (!fill.writable()) {
            throw unwritable(fill, action);
        }
        long blocks = (bytes + record().blockSize() - 1) / record().blockSize();
        shortage(fill, blocks).ifPresent(why -> {
            throw noSpace(action, why);
        });
    }

    /** Of what the pool would have less than the administrator wants free; empty where it has enough. */
    Optional<String> shortage(Fill fill, long moreBlocks) {
        return shortage("data", fill.dataTotal() - fill.dataUsed() - moreBlocks, fill.dataTotal())
                .or(() -> shortage("metadata", fill.metadataTotal() - fill.metadataUsed(), fill.metadataTotal()));
    }

    /** Refuses to remove what the pool could not delete; in one that is full it can. */
    void requireRemovable(String action) throws IOException {
        growth.run();
        pool().revive();
        Fill fill = pool().fill();
        if (!fill.removable()) {
            throw unwritable(fill, action);
        }
    }

    /** A pool of which something failed keeps what it has and takes no orders. */
    boolean isRemovable() throws IOException {
        return pool().fill().removable();
    }

    private StorageException unwritable(Fill fill, String action) throws IOException {
        if (pool().isReadOnly()) {
            return new StorageException(
                    ErrorCode.IO_FAILED,
                    action + ": the pool '" + pool().poolName()
                            + "' was made read-only; make it writable (for one of LVM: lvchange --permission rw)");
        }
        boolean full = fill.mode().equals("ro") && !fill.needsCheck();
        return new StorageException(
                full ? ErrorCode.NO_SPACE : ErrorCode.IO_FAILED,
                action + ": the pool '" + pool().poolName() + "' is in mode " + fill.mode()
                        + (fill.needsCheck() ? " and needs a check" : "")
                        + (full
                                ? ": its metadata is full; remove snapshots or volumes, or make its metadata device larger"
                                : "; see to its disks, take it from work, and repair its metadata with thin_check and"
                                        + " thin_repair"));
    }

    private Optional<String> shortage(String what, long free, long total) {
        long least = Math.ceilDiv(total * options.minFreePercent(), 100);
        return free < least
                ? Optional.of("of the pool's " + total + " " + what + " blocks " + free
                        + " would be free, dm.min_free_space wants " + least)
                : Optional.empty();
    }

    private static StorageException noSpace(String action, String why) {
        return new StorageException(
                ErrorCode.NO_SPACE, action + ": " + why + "; remove snapshots or volumes, or make the pool larger");
    }

    /** What makes a device of this number in the pool. */
    interface Making {
        void make(int id) throws IOException;
    }

    /** Writes a device down, then makes it. A number that turns out to be another's is passed over. */
    Entry make(VolumeDevices devices, long bytes, Role role, Making making, String action) throws IOException {
        while (true) {
            Entry entry = begin(devices, bytes, role, action);
            try {
                making.make(entry.id());
                return entry;
            } catch (IOException | RuntimeException failure) {
                if (!isTaken(failure)) {
                    discard(devices, entry, failure);
                    throw failure;
                }
                devices.forget(entry);
            }
        }
    }

    private static boolean isTaken(Exception failure) {
        return failure instanceof KernelException kernel && kernel.errno() == Errno.EEXIST;
    }

    private Entry begin(VolumeDevices devices, long bytes, Role role, String action) throws IOException {
        int id = numbers.take(action);
        try {
            Entry entry = new Entry(id, bytes, role);
            devices.add(entry);
            return entry;
        } catch (IOException | RuntimeException failure) {
            numbers.give(id);
            throw failure;
        }
    }

    /** Makes a device with an empty filesystem. */
    Entry makeEmpty(VolumeDevices devices, long bytes, String action) throws IOException {
        // Grown from a smaller one, a filesystem would take seconds, room in the pool, and not the form mkfs gives it.
        if (bytes == record().baseSize()) {
            return copy(devices, new Entry(StorePool.BASE, record().baseSize(), new Role.Making()), bytes, action);
        }
        Entry made = make(devices, bytes, new Role.Making(), id -> pool().createThin(id), action);
        try {
            Device device = pool().activate(made.id(), bytes, false);
            record().filesystem().make(pool().node(made.id(), device), options.makeArguments());
            try (DetachedMount mount = mounts.prepare(made);
                    Directory top = mount.top()) {
                ThinMounts.empty(top);
            }
            return made;
        } catch (IOException | RuntimeException failure) {
            discard(devices, made, failure);
            throw failure;
        }
    }

    /** Makes a device with what another one has now. */
    Entry copy(VolumeDevices devices, Entry source, long bytes, String action) throws IOException {
        boolean written =
                pool().find(source.id()).filter(device -> !device.readOnly()).isPresent();
        Making making = written
                ? id -> snapshotOfActive(id, source.id(), action)
                : id -> pool().createSnapshot(id, source.id());
        return make(devices, bytes, new Role.Making(), making, action);
    }

    /** The origin is suspended for it, and goes on in any case. */
    void snapshotOfActive(int id, int origin, String action) throws IOException {
        if (!suspensions.during(origin, () -> pool().createSnapshot(id, origin))) {
            throw new StorageException(
                    ErrorCode.IO_FAILED,
                    action + ": the volume could not be held still for longer than " + Suspensions.DEADLINE.toSeconds()
                            + " s; the pool is too slow at present, try again later");
        }
    }

    /** Throws away what could not be finished; what is left of it goes when the store is opened next. */
    void discard(VolumeDevices devices, Entry unfinished, Exception failure) {
        try {
            remove(devices, unfinished);
        } catch (IOException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    /** Removes a device, durably; one that somebody still has open goes later. */
    void remove(VolumeDevices devices, Entry entry) throws IOException {
        devices.change(entry, new Role.Removing());
        devices.sync();
        tidy(devices);
    }

    /** Deletes what was removed, as far as nobody has it open any more. */
    void tidy(VolumeDevices devices) throws IOException {
        for (Entry entry : devices.entries()) {
            if (entry.role() instanceof Role.Removing && mounts.stop(entry)) {
                freeBelow(entry);
                pool().delete(entry.id());
                devices.forget(entry);
                numbers.give(entry.id());
            }
        }
    }

    /** Deleting alone frees blocks in the pool, not what lies below; where it does not work, deleting is what matters. */
    private void freeBelow(Entry entry) throws IOException {
        try {
            if (pool().passesDown() && pool().contains(entry.id())) {
                pool().discard(entry.id(), entry.bytes());
            }
        } catch (IOException failure) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "what a device had is not freed below the pool: " + failure.getMessage());
        }
        mounts.stop(entry);
    }

    void forgetIfEmpty(VolumeDevices devices) throws IOException {
        devices.forgetIfEmpty();
    }

    /** Unmounts a volume and all its snapshots. */
    void release(VolumeDevices devices, String action) throws IOException {
        for (Entry entry : devices.entries()) {
            Optional<Path> place = place(devices, entry);
            if (place.isPresent()) {
                mounts.unmount(entry, place.get(), action);
                mounts.stop(entry);
            }
        }
    }

    private Optional<Path> place(VolumeDevices devices, Entry entry) {
        return switch (entry.role()) {
            case Role.Head head -> Optional.of(layout.volume(devices.name()));
            case Role.Snapshot(SnapshotLabel label) -> Optional.of(layout.snapshot(devices.name(), label));
            case Role.Taking taking -> Optional.empty();
            case Role.Next next -> Optional.empty();
            case Role.Making making -> Optional.of(buildPlace().resolve(Integer.toString(entry.id())));
            case Role.Removing removing -> Optional.empty();
        };
    }

    /** Lets go of everything that nobody uses. Idempotent. */
    void close() throws IOException {
        if (closed.getAndSet(true)) {
            return;
        }
        watch.close();
        try {
            contents.close();
            suspensions.close();
            pool().resumeAll();
            List<String> busy = new ArrayList<>();
            for (VolumeDevices devices : all()) {
                synchronized (devices) {
                    releaseQuietly(devices, busy);
                }
            }
            for (int id : pool().atWork()) {
                pool().deactivate(id, ThinMounts.INSTANT);
            }
            storePool.close();
        } finally {
            mapper.close();
        }
    }

    private void releaseQuietly(VolumeDevices devices, List<String> busy) {
        try {
            release(devices, "cannot close the store");
        } catch (IOException | StorageException inUseOrFailed) {
            busy.add(String.valueOf(inUseOrFailed.getMessage()));
        }
    }
}
