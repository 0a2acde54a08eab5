package io.varve.driver.btrfs;

import io.varve.linux.Descriptor;
import io.varve.linux.Errno;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.Usage;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The ioctls of btrfs as functions; numbers and struct layouts are those of linux/btrfs.h and linux/btrfs_tree.h
 * (Linux 4.18 or newer), the same on every 64-bit architecture that uses asm-generic/ioctl.h.
 *
 * <p>Without state; any thread.
 */
final class BtrfsIoctls {
    /** linux/magic.h, BTRFS_SUPER_MAGIC. */
    static final long MAGIC = 0x9123683EL;

    /** BTRFS_FIRST_FREE_OBJECTID: the inode number of every subvolume's top directory. */
    static final long TOP_INODE = 256;

    private static final long SUBVOL_RDONLY = 1L << 1;
    private static final long ROOT_SUBVOL_RDONLY = 1L;

    private BtrfsIoctls() {}

    /** The requests of the driver, each with its direction, number and the size of its struct. */
    enum Request {
        SNAP_DESTROY(Direction.WRITE, 15, 4096),
        SPACE_INFO(Direction.READ_WRITE, 20, 16),
        WAIT_SYNC(Direction.WRITE, 22, 8),
        SNAP_CREATE_V2(Direction.WRITE, 23, 4096),
        START_SYNC(Direction.READ, 24, 8),
        SUBVOL_CREATE_V2(Direction.WRITE, 24, 4096),
        SUBVOL_GETFLAGS(Direction.READ, 25, 8),
        SUBVOL_SETFLAGS(Direction.WRITE, 26, 8),
        FS_INFO(Direction.READ, 31, 1024),
        SEND(Direction.WRITE, 38, 72),
        GET_SUBVOL_INFO(Direction.READ, 60, 504),
        GET_SUBVOL_ROOTREF(Direction.READ_WRITE, 61, 4096),
        INO_LOOKUP_USER(Direction.READ_WRITE, 62, 4096);

        private static final long BTRFS_IOCTL_MAGIC = 0x94;

        private final Direction direction;
        private final int serial;
        private final int size;

        Request(Direction direction, int serial, int size) {
            this.direction = direction;
            this.serial = serial;
            this.size = size;
        }

        /** _IOW, _IOR and _IOWR of asm-generic/ioctl.h. */
        long number() {
            return direction.bits << 30 | (long) size << 16 | BTRFS_IOCTL_MAGIC << 8 | serial;
        }

        Struct struct() {
            return new Struct(size);
        }
    }

    /** Which way the struct goes, as the program sees it. */
    private enum Direction {
        WRITE(1),
        READ(2),
        READ_WRITE(3);

        private final long bits;

        Direction(long bits) {
            this.bits = bits;
        }
    }

    /** A C struct, its fields by their offsets. */
    static final class Struct {
        private final byte[] bytes;
        private final ByteBuffer fields;

        Struct(int size) {
            bytes = new byte[size];
            fields = ByteBuffer.wrap(bytes).order(ByteOrder.nativeOrder());
        }

        long number(int at) {
            return fields.getLong(at);
        }

        Struct number(int at, long value) {
            fields.putLong(at, value);
            return this;
        }

        int small(int at) {
            return Byte.toUnsignedInt(bytes[at]);
        }

        Struct name(int at, RawName name) {
            fields.put(at, name.bytes());
            return this;
        }

        UUID uuid(int at) {
            ByteBuffer big = ByteBuffer.wrap(bytes);
            return new UUID(big.getLong(at), big.getLong(at + 8));
        }

        /** A text that ends with NUL, for people. */
        String text(int at) {
            int end = at;
            while (bytes[end] != 0) {
                end++;
            }
            return new String(bytes, at, end - at, StandardCharsets.UTF_8);
        }
    }

    /** Makes an empty subvolume; it is durable once {@code directory} is synced. */
    static void createSubvolume(Descriptor directory, RawName name) throws IOException {
        call(directory, Request.SUBVOL_CREATE_V2, volume(0, 0, name), name);
    }

    /** Takes a snapshot; the kernel commits it to disk, with the data written before, ahead of returning. */
    static void snapshot(Descriptor source, Descriptor directory, RawName name, boolean readOnly) throws IOException {
        long flags = readOnly ? SUBVOL_RDONLY : 0;
        call(directory, Request.SNAP_CREATE_V2, volume(source.number(), flags, name), name);
    }

    /** struct btrfs_ioctl_vol_args_v2: fd 8, transid 8, flags 8, unused 32, name. */
    static Struct volume(long descriptor, long flags, RawName name) {
        return Request.SNAP_CREATE_V2
                .struct()
                .number(0, descriptor)
                .number(16, flags)
                .name(56, name);
    }

    /** Removes a subvolume's name; the kernel frees its space later. Durable after {@link #commit}. */
    static void destroy(Descriptor directory, RawName name) throws IOException {
        call(directory, Request.SNAP_DESTROY, Request.SNAP_DESTROY.struct().name(8, name), name);
    }

    /**
     * Commits what was done so far and returns when it is durable. Other than fsync(2) this also wakes the kernel's
     * cleaner, so that the space of removed subvolumes comes back at once and not after up to half a minute.
     */
    static void commit(Descriptor file) throws IOException {
        call(file, Request.WAIT_SYNC, call(file, Request.START_SYNC, Request.START_SYNC.struct()));
    }

    /** Switches writing off or on, durably. Files that are open for writing stay so. */
    static void setReadOnly(Descriptor subvolume, boolean readOnly) throws IOException {
        Struct flags = call(subvolume, Request.SUBVOL_GETFLAGS, Request.SUBVOL_GETFLAGS.struct());
        long others = flags.number(0) & ~SUBVOL_RDONLY;
        call(subvolume, Request.SUBVOL_SETFLAGS, flags.number(0, readOnly ? others | SUBVOL_RDONLY : others));
    }

    /**
     * What identifies a subvolume, and how far it is. Numbers of transactions only grow.
     *
     * @param id grows with every subvolume made on a filesystem: of two that exist the younger has the larger one
     * @param parent the subvolume this was a snapshot of; all zero where it was none
     * @param generation the transaction that last wrote its tree to disk
     * @param changed the transaction, under way or done, that last changed one of its inodes; a write to a file becomes
     *     such a change when its data goes to disk
     * @param made the transaction at whose end it was made
     */
    record SubvolumeInfo(long id, UUID uuid, UUID parent, boolean readOnly, long generation, long changed, long made) {
        /** Reads struct btrfs_ioctl_get_subvol_info_args; its flags are the root item's, not SUBVOL_GETFLAGS'. */
        static SubvolumeInfo parse(Struct result) {
            boolean readOnly = (result.number(288) & ROOT_SUBVOL_RDONLY) != 0;
            return new SubvolumeInfo(
                    result.number(0),
                    result.uuid(296),
                    result.uuid(312),
                    readOnly,
                    result.number(280),
                    result.number(344),
                    result.number(352));
        }

        /**
         * Whether nothing changed since that snapshot of this subvolume was taken, as far as data is written. A change
         * whose transaction is under way shows in {@code changed} alone; one that the kernel replays from its log after a
         * crash, in {@code generation} alone.
         */
        boolean isUnchangedSince(SubvolumeInfo snapshot) {
            return snapshot.parent.equals(uuid)
                    && snapshot.readOnly
                    && snapshot.changed <= snapshot.made
                    && changed <= snapshot.made
                    && generation <= snapshot.made;
        }
    }

    /** The subvolume that holds the open file or directory. */
    static SubvolumeInfo info(Descriptor file) throws IOException {
        return SubvolumeInfo.parse(call(file, Request.GET_SUBVOL_INFO, Request.GET_SUBVOL_INFO.struct()));
    }

    /**
     * A subvolume inside another.
     *
     * @param directory the inode of the directory it is in
     */
    record Child(long id, long directory) {}

    /** The subvolumes directly inside the one that holds the open file or directory. */
    static List<Child> children(Descriptor file) throws IOException {
        List<Child> children = new ArrayList<>();
        Struct references = Request.GET_SUBVOL_ROOTREF.struct();
        boolean more = true;
        while (more) {
            more = nextReferences(file, references);
            int count = references.small(4088);
            for (int at = 8; at < 8 + 16 * count; at += 16) {
                children.add(new Child(references.number(at), references.number(at + 8)));
            }
        }
        return List.copyOf(children);
    }

    /** Where there are more than fit, the kernel fills the struct, moves its start forward and says EOVERFLOW. */
    private static boolean nextReferences(Descriptor file, Struct references) throws IOException {
        try {
            call(file, Request.GET_SUBVOL_ROOTREF, references);
            return false;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EOVERFLOW) {
                return true;
            }
            throw failure;
        }
    }

    /** Where a child is below the top of its subvolume, for people; its number where that cannot be told. */
    static String path(Descriptor top, Child child) throws IOException {
        Struct lookup =
                Request.INO_LOOKUP_USER.struct().number(0, child.directory()).number(8, child.id());
        try {
            call(top, Request.INO_LOOKUP_USER, lookup);
            return lookup.text(272) + lookup.text(16);
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EACCES || failure.errno() == Errno.ENOENT) {
                return "number " + child.id();
            }
            throw failure;
        }
    }

    /** The filesystem's own identity, the same after every mount. */
    static UUID filesystem(Descriptor file) throws IOException {
        return call(file, Request.FS_INFO, Request.FS_INFO.struct()).uuid(16);
    }

    /** How the filesystem's space is allotted. */
    static List<BlockGroups> space(Descriptor file) throws IOException {
        long count = call(file, Request.SPACE_INFO, Request.SPACE_INFO.struct()).number(8);
        Struct result = new Struct(16 + 24 * Math.toIntExact(count)).number(0, count);
        return BlockGroups.parse(call(file, Request.SPACE_INFO, result));
    }

    /**
     * The space of one kind and redundancy (struct btrfs_ioctl_space_info).
     *
     * @param flags BTRFS_BLOCK_GROUP_* of linux/btrfs_tree.h
     * @param total bytes allotted, each counted once however often it is stored
     * @param used bytes in use
     */
    record BlockGroups(long flags, long total, long used) {
        private static final long DATA = 1;
        private static final long SYSTEM = 1 << 1;
        private static final long METADATA = 1 << 2;
        private static final long GLOBAL_RESERVE = 1L << 49;
        private static final int FIRST_PROFILE = 3;

        /** The names of the bits from BTRFS_BLOCK_GROUP_RAID0 on. */
        private static final List<String> PROFILES =
                List.of("RAID0", "RAID1", "DUP", "RAID10", "RAID5", "RAID6", "RAID1C3", "RAID1C4");

        /** Reads struct btrfs_ioctl_space_args: slots 8, how many there are 8, then 24 bytes each. */
        static List<BlockGroups> parse(Struct result) {
            long filled = Math.min(result.number(0), result.number(8));
            List<BlockGroups> groups = new ArrayList<>();
            for (int at = 16; at < 16 + 24 * filled; at += 24) {
                groups.add(new BlockGroups(result.number(at), result.number(at + 8), result.number(at + 16)));
            }
            return List.copyOf(groups);
        }

        /** For example {@code Data single} or {@code Metadata DUP}. */
        String label() {
            return type() + " " + profile();
        }

        private String type() {
            if (has(GLOBAL_RESERVE)) {
                return "GlobalReserve";
            }
            if (has(SYSTEM)) {
                return "System";
            }
            return has(DATA) && has(METADATA) ? "Data+Metadata" : has(METADATA) ? "Metadata" : "Data";
        }

        private String profile() {
            for (int i = 0; i < PROFILES.size(); i++) {
                if (has(1L << (FIRST_PROFILE + i))) {
                    return PROFILES.get(i);
                }
            }
            return "single";
        }

        private boolean has(long bit) {
            return (flags & bit) != 0;
        }

        Stream<Usage> usage() {
            return Stream.of(Usage.bytes(label(), "Total", total), Usage.bytes(label(), "Used", used));
        }
    }

    /**
     * Writes a read-only snapshot to a pipe or file as a stream of version 1; returns at its end.
     *
     * @param parent the id of the read-only snapshot the receiver has already; 0 for a full stream. It is not named as
     *     a clone source besides: that takes a pointer inside the struct, and saves only what was cloned within it
     */
    static void send(Descriptor snapshot, Descriptor target, long parent) throws IOException {
        call(
                snapshot,
                Request.SEND,
                Request.SEND.struct().number(0, target.number()).number(24, parent));
    }

    private static void call(Descriptor directory, Request request, Struct struct, RawName name) throws IOException {
        directory.ioctl(request + " of '" + name + "' in", request.number(), struct.bytes);
    }

    private static Struct call(Descriptor file, Request request, Struct struct) throws IOException {
        file.ioctl(request.name(), request.number(), struct.bytes);
        return struct;
    }
}
