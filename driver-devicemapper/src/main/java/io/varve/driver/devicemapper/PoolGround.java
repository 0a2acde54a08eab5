package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceMapperOptions.PoolSource;
import io.varve.linux.Descriptor;
import io.varve.linux.Errno;
import io.varve.linux.FileKind;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What a pool of the store's own lies on, looked at before it is brought to work: two disks, or two files. */
final class PoolGround {
    /** The names of the files. */
    static final String DATA = "data";

    static final String METADATA = "metadata";

    private static final long SMALLEST_METADATA = 2L << 20;

    /** The kernel uses no more (linux/dm-thin.h, THIN_METADATA_MAX_SECTORS). */
    private static final long LARGEST_METADATA = 16L << 30;

    private final PoolSource source;

    PoolGround(PoolSource source) {
        this.source = source;
    }

    /**
     * Refuses what a new pool must not or cannot be made on; nothing is changed.
     *
     * @param again whether an earlier attempt on the same disks was cut short, which may have left its pool there
     * @throws StorageException {@code OPTION_INVALID}, {@code DRIVER_UNAVAILABLE} (a disk is missing), {@code BUSY},
     *     {@code FILESYSTEM_UNSUITABLE} (foreign data, too small)
     */
    void requireFit(DeviceMapperOptions options, boolean again) throws IOException {
        FilesystemKind filesystem = options.filesystem().orElse(FilesystemKind.EXT4);
        switch (source) {
            case PoolSource.Existing existing -> {}
            case PoolSource.Files files -> {
                if (files.data() < filesystem.smallest()) {
                    throw tooSmall(ErrorCode.OPTION_INVALID, "dm.loopdatasize", files.data(), filesystem.smallest());
                }
            }
            case PoolSource.Disks disks -> {
                requireTwoDisks(disks);
                requireSize(disks.data(), filesystem.smallest());
                requireSize(disks.metadata(), SMALLEST_METADATA);
                if (!options.overwrite() && !(again && isOfAttempt(disks.metadata()))) {
                    requireBlank(disks.data(), 0);
                    // All of it is written to sooner or later, and it is small enough to be read.
                    requireBlank(disks.metadata(), LARGEST_METADATA);
                }
                requireIdle(disks.data());
                requireIdle(disks.metadata());
            }
        }
    }

    private static void requireTwoDisks(PoolSource.Disks disks) throws IOException {
        for (Path disk : List.of(disks.data(), disks.metadata())) {
            requireDisk(disk);
        }
        if (BlockDevices.number(disks.data()) == BlockDevices.number(disks.metadata())) {
            throw new StorageException(
                    ErrorCode.OPTION_INVALID,
                    "dm.datadev and dm.metadatadev are the same disk, " + disks.data() + ": they must be two");
        }
    }

    private static void requireDisk(Path disk) throws IOException {
        if (!Files.exists(disk)) {
            throw new StorageException(
                    ErrorCode.DRIVER_UNAVAILABLE, "there is no disk " + disk + "; attach it, or name another one");
        }
        if (Kernel.stat(disk.toRealPath()).kind() != FileKind.BLOCK_DEVICE) {
            throw new StorageException(ErrorCode.OPTION_INVALID, disk + " is not a disk (a block device)");
        }
    }

    /** @throws StorageException {@code FILESYSTEM_UNSUITABLE} */
    static void requireWritable(Path disk) throws IOException {
        if (BlockDevices.isReadOnly(disk)) {
            throw new StorageException(
                    ErrorCode.FILESYSTEM_UNSUITABLE,
                    "the disk " + disk + " is write-protected; make it writable (blockdev --setrw) first");
        }
    }

    private static void requireSize(Path disk, long least) throws IOException {
        requireLarge("the disk " + disk, BlockDevices.size(disk), least);
    }

    static void requireLarge(String what, long bytes, long least) {
        if (bytes < least) {
            throw tooSmall(ErrorCode.FILESYSTEM_UNSUITABLE, what, bytes, least);
        }
    }

    private static StorageException tooSmall(ErrorCode code, String what, long bytes, long least) {
        return new StorageException(
                code, what + " is too small for a pool: " + bytes + " bytes, needed are " + least + " at least");
    }

    private static void requireBlank(Path disk, long upTo) throws IOException {
        if (!BlockDevices.isBlank(disk, upTo)) {
            throw new StorageException(
                    ErrorCode.FILESYSTEM_UNSUITABLE,
                    "the disk " + disk
                            + " carries data; name another one, or, if what is on it may be lost, say dm.overwrite=true");
        }
    }

    /** A pool that has not been given to a store: its counter has not moved. */
    private static boolean isOfAttempt(Path metadata) throws IOException {
        return PoolSuperblock.read(metadata)
                .filter(found -> found.transaction() == 0)
                .isPresent();
    }

    private static void requireIdle(Path disk) throws IOException {
        try {
            BlockDevices.requireIdle(disk);
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EBUSY) {
                throw new StorageException(
                        ErrorCode.BUSY,
                        "the disk " + disk + " is in use: it is mounted, or part of another device; unmount it first",
                        failure);
            }
            throw failure;
        }
    }

    /**
     * Refuses what cannot be the pool of a store that is there; an empty disk, which the kernel would make a new pool of,
     * too.
     *
     * @throws StorageException {@code DRIVER_UNAVAILABLE} where a disk or file is missing, {@code FILESYSTEM_UNSUITABLE}
     */
    void requireWhole(Path data, Path metadata, long blockSize) throws IOException {
        if (source instanceof PoolSource.Disks disks) {
            requireTwoDisks(disks);
        }
        long dataBytes = bytes(data);
        long metadataBytes = bytes(metadata);
        PoolSuperblock found = PoolSuperblock.read(metadata)
                .orElseThrow(() -> unsuitable(metadata + " has no metadata of a thin pool on it"));
        if (found.blockSize() != blockSize) {
            throw unsuitable("the pool on " + metadata + " has blocks of " + found.blockSize()
                    + " bytes, the store's has " + blockSize);
        }
        requireRoom(data, dataBytes, found.dataBlocks() * blockSize);
        requireRoom(metadata, metadataBytes, found.metadataBlocks() * ThinPools.Fill.METADATA_BLOCK);
    }

    private static void requireRoom(Path place, long bytes, long needed) {
        if (bytes < needed) {
            throw unsuitable(place + " has " + bytes + " bytes, the pool on it has " + needed);
        }
    }

    private static StorageException unsuitable(String why) {
        return new StorageException(
                ErrorCode.FILESYSTEM_UNSUITABLE,
                "this is not the pool the store was made with, or it is damaged: " + why
                        + "; name the right disks, or put back what is missing");
    }

    private long bytes(Path place) throws IOException {
        if (source instanceof PoolSource.Disks) {
            return BlockDevices.size(place);
        }
        Optional<Long> size =
                Kernel.exists(place) ? Optional.of(Kernel.stat(place).size()) : Optional.empty();
        return size.orElseThrow(() -> new StorageException(
                ErrorCode.DRIVER_UNAVAILABLE, "the file " + place + " of the store's pool is missing; put it back"));
    }

    /** A file only grows, whatever is wanted. */
    static void extend(Path file, long bytes) throws IOException {
        try (Descriptor open = Kernel.open(file, OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.NO_FOLLOW)) {
            if (open.stat().size() < bytes) {
                open.truncate(bytes);
                open.sync();
            }
        }
    }
}
