package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapper.Device;
import io.varve.driver.devicemapper.DeviceMapper.Target;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The devices of one store: its pool and the thin devices in it, as the kernel has them
 * (Documentation/admin-guide/device-mapper/thin-provisioning.rst). Any thread.
 */
final class ThinPools {
    /** Thin devices are numbered with 24 bits. */
    static final int LAST_ID = (1 << 24) - 1;

    private static final Duration PAUSE = Duration.ofMillis(20);

    private final DeviceMapper mapper;
    private final String prefix;
    private final String pool;

    /**
     * @param store part of every device's name
     * @param pool the name of the pool's device
     */
    ThinPools(DeviceMapper mapper, String store, String pool) {
        this.mapper = mapper;
        this.prefix = prefix(store);
        this.pool = pool;
    }

    static String prefix(String store) {
        return "varve-" + store + "-";
    }

    static String ownPool(String store) {
        return prefix(store) + "pool";
    }

    String poolName() {
        return pool;
    }

    String name(int id) {
        return prefix + id;
    }

    /**
     * How full a pool is and in which state.
     *
     * @param mode {@code rw}, {@code ro}, {@code out_of_data_space} or {@code Fail}
     */
    record Fill(
            long transaction,
            long metadataUsed,
            long metadataTotal,
            long dataUsed,
            long dataTotal,
            String mode,
            boolean needsCheck) {

        /** The blocks of a pool's metadata are always so large. */
        static final int METADATA_BLOCK = 4096;

        static Fill parse(List<String> fields) {
            if (fields.size() < 5) {
                return new Fill(0, 0, 0, 0, 0, "Fail", true);
            }
            String[] metadata = fields.get(1).split("/", 2);
            String[] data = fields.get(2).split("/", 2);
            return new Fill(
                    Long.parseLong(fields.get(0)),
                    Long.parseLong(metadata[0]),
                    Long.parseLong(metadata[1]),
                    Long.parseLong(data[0]),
                    Long.parseLong(data[1]),
                    fields.get(4),
                    fields.contains("needs_check"));
        }

        /** Whether devices can be removed; also in a pool that is full. */
        boolean removable() {
            return writable() || (mode.equals("out_of_data_space") && !needsCheck);
        }

        boolean writable() {
            return mode.equals("rw") && !needsCheck;
        }
    }

    Fill fill() throws IOException {
        return Fill.parse(mapper.status(pool).fields());
    }

    /** Bytes of a block of the pool's data. */
    long blockSize() throws IOException {
        return Long.parseLong(mapper.table(pool).fields().get(2)) * BlockDevices.SECTOR;
    }

    /** Bytes of the pool's data that nothing is in. */
    long free() throws IOException {
        Fill fill = fill();
        return (fill.dataTotal() - fill.dataUsed()) * blockSize();
    }

    Optional<Device> poolDevice() throws IOException {
        return mapper.find(pool);
    }

    Target poolTable() throws IOException {
        return mapper.table(pool);
    }

    /** Makes the pool's device of two others. */
    void createPool(Target table) throws IOException {
        activate(pool, table, false);
    }

    /** Gives the pool another table, for example a longer one, while it is at work. */
    void reloadPool(Target table) throws IOException {
        mapper.load(pool, table, false);
        mapper.resume(pool);
    }

    /**
     * Lets a pool that stopped changing for lack of room in its metadata, and is whole, take orders again; it stops again
     * where they are not such as make room.
     */
    void revive() throws IOException {
        Fill fill = fill();
        if (fill.mode().equals("ro") && !fill.needsCheck()) {
            reloadPool(poolTable());
        }
    }

    /** Whether who made the pool wants nothing written to it. */
    boolean isReadOnly() throws IOException {
        return poolTable().fields().contains("read_only");
    }

    private static final String FAILS_WHEN_FULL = "error_if_no_space";

    /** Whether who writes to a pool that is full fails at once; else they wait for up to a minute (no_space_timeout). */
    static boolean failsWhenFull(Target pool) {
        return pool.fields().contains(FAILS_WHEN_FULL);
    }

    /** A pool's table: METADATA DATA BLOCK LOW_WATER, how many features there are, and these. */
    static Target whenFull(Target pool, boolean fail) {
        List<String> fields = pool.fields();
        List<String> features = new ArrayList<>(fields.subList(5, fields.size()));
        features.remove(FAILS_WHEN_FULL);
        if (fail) {
            features.add(FAILS_WHEN_FULL);
        }
        String parameters =
                String.join(" ", fields.subList(0, 4)) + " " + features.size() + " " + String.join(" ", features);
        return Target.whole(pool.length(), pool.type(), parameters.strip());
    }

    void removePool() throws IOException {
        if (poolDevice().isPresent()) {
            removePatiently(pool, Duration.ofSeconds(5));
        }
    }

    /**
     * Has something changed in the pool, durably. The kernel says yes also where it could not make the change last and
     * has taken it back; then the pool has stopped.
     */
    private void order(String message) throws IOException {
        mapper.message(pool, message);
        Fill fill = fill();
        if (fill.mode().equals("Fail") || fill.needsCheck()) {
            throw new IOException("the pool '" + pool + "' could not write its metadata and has stopped: it is in mode "
                    + fill.mode() + (fill.needsCheck() ? " and needs a check" : ""));
        }
    }

    /** Makes an empty thin device in the pool. */
    void createThin(int id) throws IOException {
        order("create_thin " + id);
    }

    /** Makes a thin device in the pool that has what {@code origin} has now, which is not at work, or suspended. */
    void createSnapshot(int id, int origin) throws IOException {
        order("create_snap " + id + " " + origin);
    }

    /** Removes a thin device from the pool; one that is not there is fine. @throws KernelException EBUSY */
    void delete(int id) throws IOException {
        try {
            order("delete " + id);
        } catch (KernelException failure) {
            if (failure.errno() != Errno.ENODATA) {
                throw failure;
            }
        }
    }

    /** Whether the pool has a thin device of this number. */
    boolean contains(int id) throws IOException {
        if (mapper.find(name(id)).isPresent()) {
            return true;
        }
        String probe = name(id);
        mapper.create(probe, "VARVE-" + probe);
        try {
            mapper.load(probe, thin(id, BlockDevices.SECTOR), true);
            return true;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENODATA) {
                return false;
            }
            throw failure;
        } finally {
            mapper.remove(probe);
        }
    }

    /** Moves the pool's own counter forward: of two who try from the same number one succeeds. Durable. */
    void advance(long from) throws IOException {
        order("set_transaction_id " + from + " " + (from + 1));
    }

    /** Has the pool make last what was changed in it so far. */
    void commit() throws IOException {
        mapper.statusOnceFlushed(pool);
    }

    /** The device the metadata is on. */
    Path metadataNode() throws IOException {
        String[] number = mapper.table(pool).fields().getFirst().split(":", 2);
        long device = FileStat.makeDevice(Integer.parseInt(number[0]), Integer.parseInt(number[1]));
        return BlockDevices.node("dm-" + number[1], prefix + "metadata", device);
    }

    private Target thin(int id, long bytes) throws IOException {
        Device device =
                poolDevice().orElseThrow(() -> new IOException("the pool '" + pool + "' is not at work any more"));
        return Target.whole(bytes / BlockDevices.SECTOR, "thin", device.majorMinor() + " " + id);
    }

    Optional<Device> find(int id) throws IOException {
        return mapper.find(name(id));
    }

    /** Brings a thin device to work; one that is at work already is fine. */
    Device activate(int id, long bytes, boolean readOnly) throws IOException {
        Optional<Device> there = find(id);
        if (there.isPresent() && there.get().active() && there.get().readOnly() == readOnly) {
            return there.get();
        }
        if (there.isPresent()) {
            mapper.remove(name(id));
        }
        return activate(name(id), thin(id, bytes), readOnly);
    }

    private Device activate(String name, Target table, boolean readOnly) throws IOException {
        mapper.create(name, "VARVE-" + name);
        try {
            mapper.load(name, table, readOnly);
            mapper.resume(name);
            return mapper.find(name).orElseThrow(() -> new IOException("the device '" + name + "' went away"));
        } catch (IOException failure) {
            try {
                mapper.remove(name);
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    /** Takes a device from work. False where somebody has it open; whoever looks at every new device is waited for. */
    boolean deactivate(int id, Duration patience) throws IOException {
        if (find(id).isEmpty()) {
            return true;
        }
        try {
            removePatiently(name(id), patience);
            return true;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EBUSY) {
                return false;
            }
            throw failure;
        }
    }

    private void removePatiently(String name, Duration patience) throws IOException {
        long end = System.nanoTime() + patience.toNanos();
        while (true) {
            try {
                mapper.remove(name);
                return;
            } catch (KernelException failure) {
                if (failure.errno() == Errno.ENXIO) {
                    return;
                }
                if (failure.errno() != Errno.EBUSY || System.nanoTime() > end) {
                    throw failure;
                }
            }
            pause();
        }
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
    }

    void suspend(int id) throws IOException {
        mapper.suspend(name(id));
    }

    void resume(int id) throws IOException {
        mapper.resume(name(id));
    }

    /** Makes a device at work larger. */
    void extend(int id, long bytes) throws IOException {
        mapper.load(name(id), thin(id, bytes), false);
        mapper.resume(name(id));
    }

    /** Bytes of the pool a device has, shared ones included. */
    long mapped(int id) throws IOException {
        String sectors = mapper.status(name(id)).fields().getFirst();
        return sectors.matches("[0-9]+") ? Long.parseLong(sectors) * BlockDevices.SECTOR : 0;
    }

    /** Gives what a device has alone back to the pool, and to what is below where the pool passes it down. */
    void discard(int id, long bytes) throws IOException {
        BlockDevices.discard(node(id, activate(id, bytes, false)), bytes);
    }

    /** Whether what is freed in the pool is freed below it too. */
    boolean passesDown() throws IOException {
        return !poolTable().fields().contains("no_discard_passdown");
    }

    Path node(int id, Device device) throws IOException {
        return BlockDevices.node("dm-" + FileStat.minor(device.number()), name(id), device.number());
    }

    /** The numbers of the thin devices that are at work, whoever brought them to it. */
    List<Integer> atWork() throws IOException {
        return mapper.names().stream()
                .filter(name -> name.startsWith(prefix))
                .map(name -> name.substring(prefix.length()))
                .filter(id -> id.matches("[0-9]{1,8}"))
                .map(Integer::parseInt)
                .toList();
    }

    /** Lets go on whatever was stopped by a process that died before it could. */
    void resumeAll() throws IOException {
        for (int id : atWork()) {
            if (find(id).filter(Device::suspended).isPresent()) {
                resume(id);
            }
        }
        if (poolDevice().filter(Device::suspended).isPresent()) {
            mapper.resume(pool);
        }
    }
}
