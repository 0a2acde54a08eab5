package io.varve.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

/**
 * What statx(2) says of a file.
 *
 * @param permissions the mode without the type bits
 * @param size bytes
 * @param blocks allocated, of 512 bytes
 * @param device the filesystem (on btrfs: the subvolume) the file is on, as the kernel's major and minor in one number
 * @param mount the id of the mount it was reached through; 0 where the kernel does not tell
 * @param mountRoot whether a filesystem is mounted exactly here
 * @param special the device number of a device file, in the form mknod(2) takes
 */
public record FileStat(
        FileKind kind,
        int permissions,
        long links,
        int owner,
        int group,
        long inode,
        long size,
        long blocks,
        Instant modified,
        Instant changed,
        long device,
        long mount,
        boolean mountRoot,
        long special) {

    /** sizeof(struct statx), linux/stat.h. */
    static final int STRUCT_SIZE = 256;

    private static final long STATX_ATTR_MOUNT_ROOT = 0x2000;

    /** Reads struct statx; its layout is the same on every architecture. */
    static FileStat parse(byte[] struct) {
        ByteBuffer b = ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
        int mode = Short.toUnsignedInt(b.getShort(28));
        return new FileStat(
                FileKind.of(mode),
                mode & ~FileKind.MASK,
                Integer.toUnsignedLong(b.getInt(16)),
                b.getInt(20),
                b.getInt(24),
                b.getLong(32),
                b.getLong(40),
                b.getLong(48),
                time(b, 112),
                time(b, 96),
                device(b, 136),
                b.getLong(144),
                (b.getLong(8) & STATX_ATTR_MOUNT_ROOT) != 0,
                device(b, 128));
    }

    public boolean isDirectory() {
        return kind == FileKind.DIRECTORY;
    }

    /** The major half of a device number that {@link #special} or {@link #device} holds. */
    public static int major(long device) {
        return (int) (((device >>> 8) & 0xfff) | ((device >>> 32) & ~0xfffL));
    }

    public static int minor(long device) {
        return (int) ((device & 0xff) | ((device >>> 12) & ~0xffL));
    }

    /** The dev_t that glibc's makedev(3) builds. */
    public static long makeDevice(int major, int minor) {
        long high = (major & 0xfffff000L) << 32 | (major & 0xfffL) << 8;
        return high | (minor & 0xffffff00L) << 12 | (minor & 0xffL);
    }

    /** Filesystems with 64 bits for the second (btrfs) keep times that no Instant holds: the nearest one stands for them. */
    private static Instant time(ByteBuffer b, int at) {
        long second = b.getLong(at);
        if (second > Instant.MAX.getEpochSecond()) {
            return Instant.MAX;
        }
        return second < Instant.MIN.getEpochSecond() ? Instant.MIN : Instant.ofEpochSecond(second, b.getInt(at + 8));
    }

    private static long device(ByteBuffer b, int at) {
        return makeDevice(b.getInt(at), b.getInt(at + 4));
    }
}
