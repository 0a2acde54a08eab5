package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapper.Device;
import io.varve.driver.devicemapper.DeviceMapper.Target;
import io.varve.driver.devicemapper.DeviceMapperOptions.PoolSource;
import io.varve.driver.devicemapper.FilesystemKind.Superblock;
import io.varve.driver.devicemapper.ThinPools.Fill;
import io.varve.linux.DetachedMount;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;

/**
 * Makes a store's pool, or finds it again and makes sure that it is the same one.
 *
 * <p>What is to be made is written down before anything is; {@code identity} is filled in when all is done. Until then
 * the next attempt begins anew, on the same disks only. Disks that carry anything are refused unless the
 * administrator says otherwise.
 */
final class StorePool {
    /** The thin device every volume begins as a snapshot of. */
    static final int BASE = 1;

    private static final Duration PATIENCE = Duration.ofSeconds(5);
    private static final long LOW_WATER_BLOCKS = 1024;

    private final Path place;
    private final DeviceMapperOptions options;
    private final PoolSource source;
    private final DeviceMapper mapper;
    private final PoolGround ground;
    private PoolRecord record;
    private ThinPools pool;

    private StorePool(
            Path place, DeviceMapperOptions options, PoolSource source, DeviceMapper mapper, PoolRecord record) {
        this.place = place;
        this.options = options;
        this.source = source;
        this.mapper = mapper;
        this.record = record;
        this.ground = new PoolGround(source);
        this.pool = new ThinPools(mapper, record.store(), poolName());
    }

    private String poolName() {
        return source instanceof PoolSource.Existing existing ? existing.name() : ThinPools.ownPool(record.store());
    }

    /**
     * Opens the pool of a store, or makes it.
     *
     * @param place the driver's own directory
     * @throws StorageException {@code FILESYSTEM_UNSUITABLE} where it is another pool or carries foreign data,
     *     {@code OPTION_INVALID} where the options do not fit the store, {@code DRIVER_UNAVAILABLE}
     */
    static StorePool open(Path place, DeviceMapperOptions options, DeviceMapper mapper) throws IOException {
        PoolSource source = options.source().orElseThrow();
        Optional<PoolRecord> known = PoolRecord.read(place.resolve("pool"));
        StorePool opened = new StorePool(place, options, source, mapper, known.orElseGet(() -> planned(options)));
        try {
            opened.requireMountOptions();
            if (opened.record.identity().isPresent()) {
                opened.find();
            } else {
                opened.make(known);
            }
            return opened;
        } catch (IOException | RuntimeException failure) {
            opened.closeAfter(failure);
            throw failure;
        }
    }

    private void requireMountOptions() throws IOException {
        try {
            DetachedMount.requireOptions(record.filesystem().type(), options.mountOptions());
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EINVAL) {
                throw new StorageException(
                        ErrorCode.OPTION_INVALID, "dm.mountopt does not fit: " + failure.getMessage(), failure);
            }
            throw failure;
        }
    }

    private static PoolRecord planned(DeviceMapperOptions options) {
        return new PoolRecord(
                UUID.randomUUID().toString().substring(24),
                describe(options.source().orElseThrow()),
                options.blockSize().orElse(DeviceMapperOptions.DEFAULT_BLOCK),
                options.filesystem().orElse(FilesystemKind.EXT4),
                wholeBlocks(options.baseSize().orElse(DeviceMapperOptions.DEFAULT_BASE_SIZE)),
                Optional.empty());
    }

    /** Devices have whole blocks of 64 KiB. */
    static long wholeBlocks(long bytes) {
        long block = 64 << 10;
        return (bytes + block - 1) / block * block;
    }

    private static String describe(PoolSource source) {
        return switch (source) {
            case PoolSource.Files files -> "files";
            case PoolSource.Disks disks -> "disks " + disks.data() + " " + disks.metadata();
            case PoolSource.Existing existing -> "pool " + existing.name();
        };
    }

    private static String kind(String description) {
        return description.split(" ", 2)[0];
    }

    ThinPools pool() {
        return pool;
    }

    PoolRecord record() {
        return record;
    }

    /** What makes the pool larger while it is at work. */
    PoolGrowth growth() {
        return new PoolGrowth(pool, source, place, options);
    }

    /** Whether the pool lies on files of ours. */
    boolean onFiles() {
        return source instanceof PoolSource.Files;
    }

    private Path file(String name) {
        return place.resolve(name);
    }

    // Making it.

    private void make(Optional<PoolRecord> begun) throws IOException {
        boolean again =
                begun.filter(before -> before.source().equals(describe(source))).isPresent();
        if (again) {
            begun.ifPresent(this::clearAttempt);
        }
        ground.requireFit(options, again);
        requireFilesystem();
        record = planned(options);
        pool = new ThinPools(mapper, record.store(), poolName());
        record.write(file("pool"));
        activate(true);
        adoptBlockSize();
        requireEmpty(again);
        requireLarge();
        makeBase();
        Path node = nodeOf(pool.activate(BASE, record.baseSize(), true));
        record = record.identified(superblock(node).uuid());
        pool.deactivate(BASE, PATIENCE);
        record.write(file("pool"));
        markUsed();
    }

    /** Its counter tells a pool that has a store from one that was begun for one. */
    private void markUsed() throws IOException {
        Fill fill = pool.fill();
        if (fill.transaction() == 0 && fill.writable()) {
            pool.advance(0);
        }
    }

    private void requireFilesystem() {
        record.filesystem().mkfs();
        if (record.baseSize() < record.filesystem().smallest()) {
            throw new StorageException(
                    ErrorCode.OPTION_INVALID,
                    "dm.basesize is " + record.baseSize() + " bytes; an "
                            + record.filesystem().type() + " filesystem needs "
                            + record.filesystem().smallest());
        }
    }

    /** A pool that others made has the blocks it has. */
    private void adoptBlockSize() throws IOException {
        long block = pool.blockSize();
        if (options.blockSize().filter(wanted -> wanted != block).isPresent()) {
            throw new StorageException(
                    ErrorCode.OPTION_INVALID,
                    "dm.blocksize does not fit: the thin pool '" + pool.poolName() + "' has blocks of " + block
                            + " bytes");
        }
        record = record.inBlocksOf(block);
    }

    /** An earlier attempt under another store number may have left its devices. */
    private void clearAttempt(PoolRecord attempt) {
        String name =
                source instanceof PoolSource.Existing existing ? existing.name() : ThinPools.ownPool(attempt.store());
        ThinPools half = new ThinPools(mapper, attempt.store(), name);
        try {
            half.deactivate(BASE, PATIENCE);
            if (!(source instanceof PoolSource.Existing)) {
                half.removePool();
            }
        } catch (IOException failure) {
            throw KernelException.storage("cannot clear up an unfinished pool", failure);
        }
    }

    /** A pool that others made must be as new: no device in it, no data, its counter at zero. */
    private void requireEmpty(boolean again) throws IOException {
        Fill fill = pool.fill();
        if (again && fill.transaction() == 0) {
            pool.delete(BASE);
            fill = pool.fill();
        }
        if (fill.transaction() != 0 || fill.dataUsed() != 0) {
            throw new StorageException(
                    ErrorCode.FILESYSTEM_UNSUITABLE,
                    "the thin pool '" + pool.poolName() + "' is used already (" + fill.dataUsed()
                            + " blocks, transaction " + fill.transaction() + "); a store needs one of its own");
        }
        if (!fill.writable()) {
            throw new StorageException(
                    ErrorCode.FILESYSTEM_UNSUITABLE,
                    "the thin pool '" + pool.poolName() + "' cannot be written to, it is in mode " + fill.mode());
        }
    }

    /** One of the store's own was looked at before. */
    private void requireLarge() throws IOException {
        PoolGround.requireLarge(
                "the thin pool '" + pool.poolName() + "'",
                pool.fill().dataTotal() * record.blockSize(),
                record.filesystem().smallest());
    }

    private void makeBase() throws IOException {
        pool.createThin(BASE);
        Path node = nodeOf(pool.activate(BASE, record.baseSize(), false));
        record.filesystem().make(node, options.makeArguments());
        try (DetachedMount mount = mount(node);
                Directory top = mount.top()) {
            ThinMounts.empty(top);
        }
        pool.deactivate(BASE, PATIENCE);
    }

    private DetachedMount mount(Path node) throws IOException {
        FilesystemKind filesystem = record.filesystem();
        return DetachedMount.of(filesystem.type(), node, filesystem.mountOptions(), DetachedMount.Access.WRITABLE);
    }

    private Path nodeOf(Device device) throws IOException {
        return pool.node(BASE, device);
    }

    private Superblock superblock(Path node) throws IOException {
        return record.filesystem()
                .superblock(node)
                .orElseThrow(() -> new StorageException(
                        ErrorCode.FILESYSTEM_UNSUITABLE,
                        "the base image in the thin pool '" + pool.poolName() + "' is damaged or another's"));
    }

    // Finding it again.

    private void find() throws IOException {
        requireFitting();
        activate(false);
        pool.resumeAll();
        requireWorking();
        requireSame();
        markUsed();
        growth().run();
        growBase();
    }

    private void requireFitting() {
        if (!kind(record.source()).equals(kind(describe(source)))) {
            throw notFitting("its pool is on " + record.source() + ", the options name " + describe(source));
        }
        if (options.blockSize().filter(wanted -> wanted != record.blockSize()).isPresent()) {
            throw notFitting(
                    "its pool has blocks of " + record.blockSize() + " bytes, which dm.blocksize cannot change");
        }
        if (options.filesystem().filter(wanted -> wanted != record.filesystem()).isPresent()) {
            throw notFitting("its volumes are " + record.filesystem().type() + ", which dm.fs cannot change");
        }
        if (options.baseSize()
                .filter(size -> wholeBlocks(size) < record.baseSize())
                .isPresent()) {
            throw notFitting("dm.basesize is less than the " + record.baseSize() + " bytes its base image has");
        }
    }

    private static StorageException notFitting(String why) {
        return new StorageException(ErrorCode.OPTION_INVALID, "the options do not fit the store: " + why);
    }

    /** What a pool in this mode would answer is not to be relied on. */
    private void requireWorking() throws IOException {
        if (pool.fill().mode().equals("Fail")) {
            throw new StorageException(
                    ErrorCode.IO_FAILED,
                    "the thin pool '" + pool.poolName()
                            + "' failed and does nothing more; see to its disks, take it from"
                            + " work, and repair its metadata with thin_check and thin_repair");
        }
    }

    private void requireSame() throws IOException {
        boolean there = pool.contains(BASE);
        Optional<UUID> found = Optional.empty();
        if (there) {
            Path node = nodeOf(pool.activate(BASE, record.baseSize(), true));
            found = record.filesystem().superblock(node).map(Superblock::uuid);
            pool.deactivate(BASE, PATIENCE);
        }
        if (!found.equals(record.identity())) {
            throw new StorageException(
                    ErrorCode.FILESYSTEM_UNSUITABLE,
                    "the thin pool '" + pool.poolName()
                            + "' is not the one this store was made with: its base image is "
                            + found.map(UUID::toString).orElse("missing") + ", expected was "
                            + record.identity().map(UUID::toString).orElse("none"));
        }
    }

    private void growBase() throws IOException {
        long wanted = wholeBlocks(options.baseSize().orElse(record.baseSize()));
        if (wanted <= record.baseSize()) {
            return;
        }
        Path node = nodeOf(pool.activate(BASE, wanted, false));
        try (DetachedMount mount = mount(node);
                Directory top = mount.top()) {
            requireRoom(record.filesystem().layout(top, node).growth(wanted, record.blockSize()));
            record.filesystem().grow(top, node, wanted);
        }
        pool.deactivate(BASE, PATIENCE);
        record = record.basedOn(wanted);
        record.write(file("pool"));
    }

    private void requireRoom(long bytes) throws IOException {
        if (bytes > pool.free()) {
            throw new StorageException(
                    ErrorCode.NO_SPACE,
                    "the larger base image of dm.basesize would take " + bytes + " bytes of the pool, which has "
                            + pool.free());
        }
    }

    // Bringing it to work.

    private void activate(boolean fresh) throws IOException {
        if (pool.poolDevice().filter(Device::active).isPresent()) {
            String type = pool.poolTable().type();
            if (!type.equals("thin-pool")) {
                throw new StorageException(
                        ErrorCode.FILESYSTEM_UNSUITABLE, "'" + pool.poolName() + "' is no thin pool but " + type);
            }
            return;
        }
        switch (source) {
            case PoolSource.Existing existing ->
                throw new StorageException(
                        ErrorCode.DRIVER_UNAVAILABLE,
                        "there is no thin pool '" + existing.name()
                                + "' at work; activate it first (for one of LVM: lvchange -ay)");
            case PoolSource.Disks disks -> {
                PoolGround.requireWritable(disks.data());
                PoolGround.requireWritable(disks.metadata());
                if (fresh) {
                    BlockDevices.wipe(disks.metadata());
                } else {
                    ground.requireWhole(disks.data(), disks.metadata(), record.blockSize());
                }
                activate(disks.data(), disks.metadata());
            }
            case PoolSource.Files files -> activate(files, fresh);
        }
    }

    private void activate(PoolSource.Files files, boolean fresh) throws IOException {
        Path data = file(PoolGround.DATA);
        Path metadata = file(PoolGround.METADATA);
        if (fresh) {
            Files.deleteIfExists(data);
            Files.deleteIfExists(metadata);
        } else {
            ground.requireWhole(data, metadata, record.blockSize());
        }
        PoolGround.extend(data, files.data());
        PoolGround.extend(metadata, files.metadata());
        try (BlockDevices.Loop one = BlockDevices.attach(data);
                BlockDevices.Loop other = BlockDevices.attach(metadata)) {
            activate(one.node(), other.node());
        }
    }

    private void activate(Path data, Path metadata) throws IOException {
        long sectors = BlockDevices.size(data) / BlockDevices.SECTOR;
        long blockSectors = record.blockSize() / BlockDevices.SECTOR;
        try {
            pool.createPool(table(
                    BlockDevices.number(metadata), BlockDevices.number(data), sectors / blockSectors * blockSectors));
        } catch (KernelException failure) {
            throw explained(failure, data, metadata);
        }
    }

    private static IOException explained(KernelException failure, Path data, Path metadata) {
        if (failure.errno() == Errno.EBUSY) {
            throw new StorageException(
                    ErrorCode.BUSY,
                    "cannot make a pool of " + data + " and " + metadata + ": one of them is in use: "
                            + failure.getMessage(),
                    failure);
        }
        return failure;
    }

    /** Full pools fail writers at once instead of letting them wait for a minute; {@link PoolGrowth} decides for files. */
    private Target table(long metadata, long data, long sectors) {
        boolean passDown = options.discard().orElse(onFiles());
        return Target.whole(
                sectors,
                "thin-pool",
                numbers(metadata) + " " + numbers(data) + " " + record.blockSize() / BlockDevices.SECTOR + " "
                        + LOW_WATER_BLOCKS + (passDown ? " 1" : " 2 no_discard_passdown") + " error_if_no_space");
    }

    private static String numbers(long device) {
        return FileStat.major(device) + ":" + FileStat.minor(device);
    }

    private void closeAfter(Exception failure) {
        try {
            pool.deactivate(BASE, PATIENCE);
            close();
        } catch (IOException | RuntimeException second) {
            failure.addSuppressed(second);
        }
    }

    /** Takes the pool from work, unless it is not ours or a device of it is still in use. */
    void close() throws IOException {
        if (!(source instanceof PoolSource.Existing) && pool.atWork().isEmpty()) {
            pool.removePool();
        }
    }
}
