package io.varve.driver.devicemapper;

import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.Errno;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;

/** Device files, and what loop devices and disks can be asked; ioctls are those of linux/fs.h and linux/loop.h. */
final class BlockDevices {
    static final int SECTOR = 512;

    private static final Path LOOP_CONTROL = Path.of("/dev/loop-control");
    private static final int LOOP_MAJOR = 7;
    private static final long BLKGETSIZE64 = 0x80081272L;
    private static final long BLKROGET = 0x125e;
    private static final long BLKDISCARD = 0x1277L;
    private static final long BLKFLSBUF = 0x1261L;
    private static final long LOOP_SET_CAPACITY = 0x4C07;
    private static final long LOOP_CONFIGURE = 0x4C0A;
    private static final long LOOP_CTL_GET_FREE = 0x4C82;

    /** struct loop_config: fd 4, block size 4, struct loop_info64 232, reserved 64. */
    private static final int LOOP_CONFIG = 304;

    private static final int LO_FLAGS_AUTOCLEAR = 4;
    private static final int LO_FLAGS_DIRECT_IO = 16;
    private static final int ATTEMPTS = 20;
    private static final int EDGE = 128 * 1024;
    private static final int SCAN = 1 << 20;

    private BlockDevices() {}

    /**
     * A device file for a device: the one the kernel made below /dev; where there is none, because /dev is not the kernel's
     * own or nobody looks after it, one is made.
     */
    static Path node(String kernelName, String name, long device) throws IOException {
        Path usual = Path.of("/dev", kernelName);
        if (isNode(usual, device)) {
            return usual;
        }
        Path own = Path.of("/dev/mapper").resolve(name);
        if (!isNode(own, device)) {
            DurableFiles.makeDirectories(Path.of("/dev/mapper"));
            Files.deleteIfExists(own);
            Kernel.makeBlockDevice(own, device);
        }
        return own;
    }

    private static boolean isNode(Path path, long device) throws IOException {
        if (!Kernel.exists(path)) {
            return false;
        }
        FileStat stat = Kernel.stat(path);
        return stat.kind() == FileKind.BLOCK_DEVICE && stat.special() == device;
    }

    /** @return the device number; symlinks such as those of LVM are followed */
    static long number(Path path) throws IOException {
        FileStat stat = Kernel.stat(path.toRealPath());
        if (stat.kind() != FileKind.BLOCK_DEVICE) {
            throw new IOException(path + " is not a block device");
        }
        return stat.special();
    }

    /** Bytes. */
    static long size(Path device) throws IOException {
        try (Descriptor open = Kernel.open(device, OpenFlag.READ)) {
            byte[] size = new byte[8];
            open.ioctl("BLKGETSIZE64", BLKGETSIZE64, size);
            return ByteBuffer.wrap(size).order(ByteOrder.nativeOrder()).getLong();
        }
    }

    /** Whether a disk is write-protected, which device-mapper does not always mind. */
    static boolean isReadOnly(Path device) throws IOException {
        try (Descriptor open = Kernel.open(device, OpenFlag.READ)) {
            byte[] readOnly = new byte[Integer.BYTES];
            open.ioctl("BLKROGET", BLKROGET, readOnly);
            return ByteBuffer.wrap(readOnly).order(ByteOrder.nativeOrder()).getInt() != 0;
        }
    }

    /** Makes the next reading see what the kernel wrote past the cache of a device. */
    static void forgetCached(Descriptor device) throws IOException {
        device.ioctl("BLKFLSBUF", BLKFLSBUF, new byte[8]);
    }

    /** Bytes of a disk as they lie there. */
    static ByteBuffer readPastCache(Path disk, long position, int length) throws IOException {
        try (Descriptor open = Kernel.open(disk, OpenFlag.READ)) {
            if (open.stat().kind() == FileKind.BLOCK_DEVICE) {
                forgetCached(open);
            }
        }
        return read(disk, position, length);
    }

    /** Bytes from a device or file; zeros beyond its end. */
    static ByteBuffer read(Path device, long position, int length) throws IOException {
        ByteBuffer bytes = ByteBuffer.allocateDirect(length).order(ByteOrder.LITTLE_ENDIAN);
        try (Descriptor open = Kernel.open(device, OpenFlag.READ)) {
            while (bytes.hasRemaining() && open.read(bytes, position + bytes.position()) > 0) {}
        }
        return bytes.clear();
    }

    /** Whether a disk carries nothing at its two ends, where filesystems, LVM, RAID, partitions and pools have their marks. */
    static boolean isBlank(Path device) throws IOException {
        long size = size(device);
        return isZero(readPastCache(device, 0, EDGE)) && isZero(read(device, Math.max(0, size - EDGE), EDGE));
    }

    /** Whether a disk carries nothing up to a position, nor at its end. */
    static boolean isBlank(Path device, long upTo) throws IOException {
        if (!isBlank(device)) {
            return false;
        }
        long end = Math.min(size(device), upTo);
        try (Descriptor open = Kernel.open(device, OpenFlag.READ)) {
            ByteBuffer bytes = ByteBuffer.allocateDirect(SCAN);
            for (long position = 0; position < end; position += SCAN) {
                while (bytes.hasRemaining() && open.read(bytes, position + bytes.position()) > 0) {}
                if (!isZero(bytes.flip())) {
                    return false;
                }
                bytes.clear();
            }
        }
        return true;
    }

    private static boolean isZero(ByteBuffer bytes) {
        while (bytes.remaining() >= Long.BYTES) {
            if (bytes.getLong() != 0) {
                return false;
            }
        }
        while (bytes.hasRemaining()) {
            if (bytes.get() != 0) {
                return false;
            }
        }
        return true;
    }

    /** Tells a device that what is on it is not needed any more. */
    static void discard(Path device, long bytes) throws IOException {
        byte[] range = new byte[16];
        ByteBuffer.wrap(range).order(ByteOrder.nativeOrder()).putLong(0).putLong(bytes);
        try (Descriptor open = Kernel.open(device, OpenFlag.WRITE, OpenFlag.EXCLUSIVE)) {
            open.ioctl("BLKDISCARD", BLKDISCARD, range);
        }
    }

    /** Fails with EBUSY where a device is mounted or part of another one. */
    static void requireIdle(Path device) throws IOException {
        Kernel.open(device, OpenFlag.READ, OpenFlag.EXCLUSIVE).close();
    }

    /** Overwrites the beginning of a device that nobody uses with zeros. */
    static void wipe(Path device) throws IOException {
        try (Descriptor open = Kernel.open(device, OpenFlag.WRITE, OpenFlag.EXCLUSIVE)) {
            open.write(ByteBuffer.allocateDirect(EDGE), 0);
            open.sync();
        }
    }

    /** A loop device that goes by itself when the last one closes it; closed here, it lives on where others have it. */
    record Loop(Path node, long device, Descriptor open) implements AutoCloseable {
        /** Notices that its file has grown. */
        void grown() throws IOException {
            open.ioctl("LOOP_SET_CAPACITY", LOOP_SET_CAPACITY, new byte[8]);
        }

        @Override
        public void close() {
            open.close();
        }
    }

    /** Attaches a file to a free loop device. */
    static Loop attach(Path file) throws IOException {
        try (Descriptor control = Kernel.open(LOOP_CONTROL, OpenFlag.READ_WRITE);
                Descriptor backing = Kernel.open(file, OpenFlag.READ_WRITE, OpenFlag.NO_FOLLOW)) {
            for (int attempt = 1; ; attempt++) {
                int number = control.ioctl("LOOP_CTL_GET_FREE", LOOP_CTL_GET_FREE, new byte[8]);
                Descriptor loop = openLoop(number);
                try {
                    loop.ioctl("LOOP_CONFIGURE with " + file + " of", LOOP_CONFIGURE, configuration(backing, file));
                    return new Loop(loopNode(number), loopDevice(number), loop);
                } catch (KernelException taken) {
                    loop.close();
                    // Somebody else was faster to take the free device.
                    if (taken.errno() != Errno.EBUSY || attempt == ATTEMPTS) {
                        throw taken;
                    }
                }
            }
        }
    }

    /** Opens a loop device that is attached already. */
    static Loop loop(int number) throws IOException {
        return new Loop(loopNode(number), loopDevice(number), openLoop(number));
    }

    private static Descriptor openLoop(int number) throws IOException {
        return Kernel.open(loopNode(number), OpenFlag.READ_WRITE);
    }

    private static Path loopNode(int number) throws IOException {
        return node("loop" + number, "varve-loop" + number, loopDevice(number));
    }

    private static long loopDevice(int number) {
        return FileStat.makeDevice(LOOP_MAJOR, number);
    }

    /** The name in struct loop_info64 (64 bytes at 56) is for people; too long a path is cut. */
    private static byte[] configuration(Descriptor backing, Path file) {
        byte[] config = new byte[LOOP_CONFIG];
        ByteBuffer fields = ByteBuffer.wrap(config).order(ByteOrder.nativeOrder());
        fields.putInt(backing.number());
        fields.putInt(8 + 52, LO_FLAGS_AUTOCLEAR | LO_FLAGS_DIRECT_IO);
        byte[] name = file.toString().getBytes(StandardCharsets.UTF_8);
        fields.put(8 + 56, Arrays.copyOf(name, Math.min(name.length, 63)));
        return config;
    }
}
