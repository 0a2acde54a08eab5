package io.varve.driver.devicemapper;

import io.varve.linux.Descriptor;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The kernel's device-mapper by its ioctls; numbers and layouts are those of linux/dm-ioctl.h (interface 4.39 or newer),
 * the same on every 64-bit architecture that uses asm-generic/ioctl.h. Any thread.
 */
class DeviceMapper implements AutoCloseable {
    static final Path CONTROL = Path.of("/dev/mapper/control");

    /** sizeof(struct dm_ioctl), which ends with padding that data may begin in. */
    private static final int HEADER = 312;

    private static final int SMALL = 16 * 1024;
    private static final int LARGEST = 16 * 1024 * 1024;
    private static final int NAME_AT = 48;
    private static final int UUID_AT = 176;
    private static final int NAME_LENGTH = 128;
    private static final int SPECIFICATION = 40;

    private final Descriptor control;

    DeviceMapper(Descriptor control) {
        this.control = control;
    }

    /** @throws KernelException ENOENT where this kernel has no device-mapper, EACCES without root */
    static DeviceMapper open() throws IOException {
        return new DeviceMapper(Kernel.open(CONTROL, OpenFlag.READ_WRITE));
    }

    /** The commands, DM_*_CMD. */
    enum Command {
        LIST_DEVICES(2),
        DEV_CREATE(3),
        DEV_REMOVE(4),
        DEV_SUSPEND(6),
        DEV_STATUS(7),
        TABLE_LOAD(9),
        TABLE_CLEAR(10),
        TABLE_STATUS(12),
        TARGET_MSG(14),
        GET_TARGET_VERSION(17);

        private final int serial;

        Command(int serial) {
            this.serial = serial;
        }

        /** _IOWR(DM_IOCTL, serial, struct dm_ioctl). */
        private long number() {
            return 3L << 30 | (long) HEADER << 16 | 0xfdL << 8 | serial;
        }
    }

    /** DM_*_FLAG. */
    enum Flag {
        READ_ONLY(0),
        SUSPEND(1),
        STATUS_TABLE(4),
        ACTIVE_PRESENT(5),
        BUFFER_FULL(8),
        SKIP_LOCKFS(10),
        NO_FLUSH(11);

        private final int bit;

        Flag(int bit) {
            this.bit = 1 << bit;
        }
    }

    /**
     * A device as the kernel has it.
     *
     * @param number major and minor as {@link FileStat#makeDevice} makes them
     * @param openCount how many have it open: mounts, other devices, programs
     * @param active whether it has a table at work
     */
    record Device(long number, int openCount, boolean suspended, boolean readOnly, boolean active) {
        String majorMinor() {
            return FileStat.major(number) + ":" + FileStat.minor(number);
        }
    }

    /**
     * A line of a table, or of what the kernel says of it.
     *
     * @param length in sectors of 512 bytes
     */
    record Target(long start, long length, String type, String parameters) {
        static Target whole(long sectors, String type, String parameters) {
            return new Target(0, sectors, type, parameters);
        }

        List<String> fields() {
            return List.of(parameters.trim().split(" +", 0));
        }
    }

    /** Whether the kernel knows a kind of target or has a module for it (Linux 5.2). */
    boolean knows(String targetType) throws IOException {
        try {
            call(Command.GET_TARGET_VERSION, targetType, 0, new byte[0]);
            return true;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EINVAL) {
                return false;
            }
            throw failure;
        }
    }

    /** Makes a device without a table. */
    void create(String name, String uuid) throws IOException {
        byte[] request = request(name, 0, new byte[0], HEADER);
        fields(request).put(UUID_AT, uuid.getBytes(StandardCharsets.US_ASCII));
        send(Command.DEV_CREATE, name, request);
    }

    /** Gives a device the table it will have from the next {@link #resume} on. */
    void load(String name, Target target, boolean readOnly) throws IOException {
        byte[] parameters = (target.parameters() + "\0").getBytes(StandardCharsets.UTF_8);
        int size = (SPECIFICATION + parameters.length + 7) & ~7;
        byte[] table = new byte[size];
        ByteBuffer specification = fields(table);
        specification.putLong(target.start()).putLong(target.length()).putInt(0).putInt(size);
        specification.put(target.type().getBytes(StandardCharsets.US_ASCII));
        specification.put(SPECIFICATION, parameters);
        byte[] request = request(name, readOnly ? Flag.READ_ONLY.bit : 0, table, HEADER + size);
        fields(request).putInt(20, 1);
        send(Command.TABLE_LOAD, name, request);
    }

    /**
     * Stops a device: what was begun ends, a filesystem on it is brought into a state that needs no repair, and
     * whoever writes waits until {@link #resume}.
     */
    void suspend(String name) throws IOException {
        call(Command.DEV_SUSPEND, name, Flag.SUSPEND.bit, new byte[0]);
    }

    /** Lets a device go on, with the table that was loaded last. */
    void resume(String name) throws IOException {
        call(Command.DEV_SUSPEND, name, 0, new byte[0]);
    }

    /** @throws KernelException EBUSY where somebody has it open */
    void remove(String name) throws IOException {
        call(Command.DEV_REMOVE, name, 0, new byte[0]);
    }

    /** A device by its name; empty where there is none. */
    Optional<Device> find(String name) throws IOException {
        try {
            return Optional.of(device(call(Command.DEV_STATUS, name, 0, new byte[0])));
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENXIO) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    private static Device device(ByteBuffer reply) {
        int flags = reply.getInt(28);
        return new Device(
                decode(reply.getLong(40)),
                reply.getInt(24),
                (flags & Flag.SUSPEND.bit) != 0,
                (flags & Flag.READ_ONLY.bit) != 0,
                (flags & Flag.ACTIVE_PRESENT.bit) != 0);
    }

    /** From the form of the kernel's huge_encode_dev. */
    private static long decode(long device) {
        int major = (int) ((device & 0xfff00) >> 8);
        int minor = (int) ((device & 0xff) | ((device >> 12) & 0xfff00));
        return FileStat.makeDevice(major, minor);
    }

    /** The table a device works with. */
    Target table(String name) throws IOException {
        return target(call(Command.TABLE_STATUS, name, Flag.STATUS_TABLE.bit, new byte[0]));
    }

    /** What the first target of a device says of itself, without flushing anything. */
    Target status(String name) throws IOException {
        return target(call(Command.TABLE_STATUS, name, Flag.NO_FLUSH.bit, new byte[0]));
    }

    /** The same, after the device brought to its disks what it had in memory. */
    Target statusOnceFlushed(String name) throws IOException {
        return target(call(Command.TABLE_STATUS, name, 0, new byte[0]));
    }

    private static Target target(ByteBuffer reply) {
        if (reply.getInt(20) == 0) {
            return new Target(0, 0, "", "");
        }
        int at = reply.getInt(16);
        return new Target(
                reply.getLong(at), reply.getLong(at + 8), text(reply, at + 24), text(reply, at + SPECIFICATION));
    }

    /** The uuid a device was made with; of what LVM made it begins with {@code LVM-}. */
    String uuid(String name) throws IOException {
        return text(call(Command.DEV_STATUS, name, 0, new byte[0]), UUID_AT);
    }

    /** Tells the target something. */
    void message(String name, String message) throws IOException {
        byte[] text = (message + "\0").getBytes(StandardCharsets.US_ASCII);
        byte[] data = new byte[8 + text.length];
        fields(data).put(8, text);
        call(Command.TARGET_MSG, name, 0, data);
    }

    /** The names of all devices. */
    List<String> names() throws IOException {
        ByteBuffer reply = call(Command.LIST_DEVICES, "", 0, new byte[0]);
        List<String> names = new ArrayList<>();
        int at = reply.getInt(16);
        // struct dm_name_list: device 8, offset of the next 4, name; a list of none has one entry without a device.
        while (reply.getLong(at) != 0) {
            names.add(text(reply, at + 12));
            int next = reply.getInt(at + 8);
            if (next == 0) {
                break;
            }
            at += next;
        }
        return names;
    }

    private ByteBuffer call(Command command, String name, int flags, byte[] data) throws IOException {
        for (int size = SMALL; ; size *= 8) {
            ByteBuffer reply = send(command, name, request(name, flags, data, size));
            if ((reply.getInt(28) & Flag.BUFFER_FULL.bit) == 0 || size > LARGEST) {
                return reply;
            }
        }
    }

    /** struct dm_ioctl: version 3x4, data_size, data_start, target_count, open_count, flags, event_nr, padding, dev 8, name, uuid. */
    private static byte[] request(String name, int flags, byte[] data, int size) {
        byte[] request = new byte[Math.max(size, HEADER + data.length)];
        ByteBuffer fields = fields(request);
        fields.putInt(4).putInt(0).putInt(0).putInt(request.length).putInt(HEADER);
        fields.putInt(28, flags);
        byte[] text = name.getBytes(StandardCharsets.US_ASCII);
        fields.put(NAME_AT, text, 0, Math.min(text.length, NAME_LENGTH - 1));
        fields.put(HEADER, data);
        return request;
    }

    /** The one place that calls the kernel; the answer is where the request was. */
    ByteBuffer send(Command command, String name, byte[] request) throws IOException {
        control.ioctl("DM_" + command + " of '" + name + "' by", command.number(), request);
        return fields(request);
    }

    private static ByteBuffer fields(byte[] struct) {
        return ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
    }

    private static String text(ByteBuffer bytes, int at) {
        int end = at;
        while (bytes.get(end) != 0) {
            end++;
        }
        byte[] text = new byte[end - at];
        bytes.get(at, text);
        return new String(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        control.close();
    }
}
