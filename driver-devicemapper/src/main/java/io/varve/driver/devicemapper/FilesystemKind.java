package io.varve.driver.devicemapper;

import io.varve.linux.Commands;
import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileStat;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;

/** The filesystems volumes can have. Sizes in bytes. */
enum FilesystemKind {
    /**
     * Nothing is written that need not be: a thin device reads as zeros where nothing was written, so neither the journal
     * nor the inode tables need to be cleared, not later either (noinit_itable).
     */
    EXT4(16L << 20, "noinit_itable") {
        @Override
        List<String> makeArguments() {
            return List.of(
                    "-q",
                    "-F",
                    "-b",
                    "4096",
                    "-e",
                    "remount-ro",
                    "-E",
                    "nodiscard,lazy_itable_init=1,lazy_journal_init=1");
        }

        /** linux/ext4.h: the superblock begins at 1024. */
        @Override
        Optional<Superblock> read(ByteBuffer start) {
            boolean ours = Short.toUnsignedInt(start.getShort(1024 + 0x38)) == 0xEF53;
            return ours
                    ? Optional.of(new Superblock(uuid(start, 1024 + 0x68), 1024 << start.getInt(1024 + 0x18)))
                    : Optional.empty();
        }

        /** The kernel writes zeros to all of a new inode table, and two bitmaps and a few descriptors beside it. */
        @Override
        Layout layout(Descriptor top, ByteBuffer start, int blockSize) {
            long blocks = Integer.toUnsignedLong(start.getInt(1024 + 0x4))
                    | Integer.toUnsignedLong(start.getInt(1024 + 0x150)) << 32;
            long groupBlocks = start.getInt(1024 + 0x20);
            long inodeTable = (long) start.getInt(1024 + 0x28) * Short.toUnsignedInt(start.getShort(1024 + 0x58));
            return new Layout(blocks * blockSize, groupBlocks * blockSize, inodeTable + 4L * blockSize);
        }

        /** EXT4_IOC_RESIZE_FS, fs/ext4/ext4.h. */
        @Override
        void grow(Descriptor top, long bytes, int blockSize) throws IOException {
            byte[] blocks = new byte[8];
            fields(blocks).putLong(bytes / blockSize);
            top.ioctl("EXT4_IOC_RESIZE_FS", 0x40086610L, blocks);
        }
    },

    /** Filesystems made of one base image have one UUID, which XFS would refuse to mount twice (nouuid). */
    XFS(300L << 20, "nouuid") {
        @Override
        List<String> makeArguments() {
            return List.of("-q", "-f", "-K");
        }

        /** xfs_format.h, struct xfs_dsb, which is big-endian. */
        @Override
        Optional<Superblock> read(ByteBuffer start) {
            ByteBuffer big = start.duplicate().order(ByteOrder.BIG_ENDIAN);
            boolean ours = big.getInt(0) == 0x58465342;
            return ours ? Optional.of(new Superblock(uuid(start, 32), big.getInt(4))) : Optional.empty();
        }

        /**
         * Tried again and again, what cannot be written keeps whoever freezes, syncs or unmounts waiting for ever
         * (Documentation/admin-guide/xfs.rst, "Error handling").
         */
        @Override
        void failSoon(long device) throws IOException {
            Path errors = Path.of("/sys/fs/xfs", "dm-" + FileStat.minor(device), "error/metadata");
            for (String error : List.of("EIO", "ENOSPC", "default")) {
                Path retries = errors.resolve(error).resolve("max_retries");
                if (Files.isWritable(retries)) {
                    Files.writeString(retries, "3");
                }
            }
        }

        /** XFS_IOC_FSGEOMETRY_V1 and XFS_IOC_FSGROWFSDATA, xfs_fs.h; the share of inodes stays as it is. */
        @Override
        void grow(Descriptor top, long bytes, int blockSize) throws IOException {
            byte[] request = new byte[16];
            fields(request).putLong(bytes / blockSize).putInt(geometry(top).getInt(28));
            top.ioctl("XFS_IOC_FSGROWFSDATA", 0x4010586EL, request);
        }

        /** Each allocation group begins with a few blocks that are written. */
        @Override
        Layout layout(Descriptor top, ByteBuffer start, int blockSize) throws IOException {
            ByteBuffer geometry = geometry(top);
            return new Layout(
                    geometry.getLong(32) * blockSize,
                    Integer.toUnsignedLong(geometry.getInt(8)) * blockSize,
                    16L * blockSize);
        }

        private static ByteBuffer geometry(Descriptor top) throws IOException {
            byte[] geometry = new byte[112];
            top.ioctl("XFS_IOC_FSGEOMETRY", 0x80705864L, geometry);
            return fields(geometry);
        }
    };

    private static final Duration DEADLINE = Duration.ofMinutes(10);
    private static final int START = 4096;

    private final long smallest;
    private final String mountOption;

    FilesystemKind(long smallest, String mountOption) {
        this.smallest = smallest;
        this.mountOption = mountOption;
    }

    /** What a filesystem says of itself. */
    record Superblock(UUID uuid, int blockSize) {}

    /** Before those of the administrator, who can overrule them. */
    abstract List<String> makeArguments();

    abstract Optional<Superblock> read(ByteBuffer start);

    /**
     * How a mounted filesystem is laid out.
     *
     * @param bytes its size
     * @param group bytes of the equal parts it consists of
     * @param written bytes that are written to in each such part that is new
     */
    record Layout(long bytes, long group, long written) {
        /** What is written to make it so large, where the device below has such blocks. */
        long growth(long wanted, long block) {
            long each = Math.min(written + 2 * block, group);
            return wanted <= bytes ? 0 : (Math.ceilDiv(wanted - bytes, group) + 1) * each;
        }
    }

    /** @param start of the device */
    abstract Layout layout(Descriptor top, ByteBuffer start, int blockSize) throws IOException;

    /** Makes the filesystem as large as its device, which has this size. */
    abstract void grow(Descriptor top, long bytes, int blockSize) throws IOException;

    /** Has a mounted filesystem give up what it cannot write, instead of trying for ever. */
    void failSoon(long device) throws IOException {}

    /** As the kernel, the options and the records spell it. */
    String type() {
        return name().toLowerCase(java.util.Locale.ROOT);
    }

    long smallest() {
        return smallest;
    }

    /** What it is always mounted with. */
    List<String> mountOptions() {
        return List.of(mountOption);
    }

    String program() {
        return "mkfs." + type();
    }

    static Optional<FilesystemKind> of(String type) {
        for (FilesystemKind kind : values()) {
            if (kind.type().equals(type)) {
                return Optional.of(kind);
            }
        }
        return Optional.empty();
    }

    /** Empty where there is no filesystem of this kind. */
    Optional<Superblock> superblock(Path device) throws IOException {
        return read(BlockDevices.read(device, 0, START));
    }

    /** @throws StorageException {@code DRIVER_UNAVAILABLE} where the program that makes this filesystem is not installed */
    Path mkfs() {
        return Commands.find(program()).orElseThrow(() -> Commands.missing(program()));
    }

    /** Makes an empty filesystem; what was there is lost. */
    void make(Path device, List<String> more) {
        Path mkfs = mkfs();
        List<String> command = new ArrayList<>(List.of(mkfs.toString()));
        command.addAll(makeArguments());
        command.addAll(more);
        command.add(device.toString());
        Commands.run(command, DEADLINE).orThrow("make the filesystem of new volumes");
    }

    /** Grows a mounted filesystem to the size of its device; nothing where it has it. */
    void grow(Directory top, Path device, long bytes) throws IOException {
        if (layout(top, device).bytes() < bytes) {
            grow(top.descriptor(), bytes, mounted(device).blockSize());
        }
    }

    /** How a mounted filesystem is laid out now. */
    Layout layout(Directory top, Path device) throws IOException {
        return layout(
                top.descriptor(),
                BlockDevices.read(device, 0, START),
                mounted(device).blockSize());
    }

    private Superblock mounted(Path device) throws IOException {
        return superblock(device)
                .orElseThrow(() -> new StorageException(
                        ErrorCode.IO_FAILED, "there is no " + type() + " filesystem on " + device + " any more"));
    }

    private static UUID uuid(ByteBuffer start, int at) {
        ByteBuffer big = start.duplicate().order(ByteOrder.BIG_ENDIAN);
        return new UUID(big.getLong(at), big.getLong(at + 8));
    }

    private static ByteBuffer fields(byte[] struct) {
        return ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
    }
}
