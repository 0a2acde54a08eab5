package io.varve.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * A filesystem that is mounted and at no place yet: all that can fail or takes time is done before {@link #attach}, which
 * is one step. Closed without being attached, it is unmounted. Needs root and Linux 5.2 (fsopen(2), fsmount(2),
 * move_mount(2)).
 */
public final class DetachedMount implements AutoCloseable {
    private static final int CLOSE_ON_EXEC = 1;

    /** linux/mount.h, enum fsconfig_command. */
    private static final int FSCONFIG_SET_FLAG = 0;

    private static final int FSCONFIG_SET_STRING = 1;
    private static final int FSCONFIG_CMD_CREATE = 6;

    private static final int MOUNT_ATTR_RDONLY = 1;

    /** linux/mount.h, MOUNT_ATTR_*: what mount(8) takes as an option too, but no filesystem knows. */
    private static final Map<String, Integer> ATTRIBUTES = Map.ofEntries(
            Map.entry("nosuid", 2),
            Map.entry("nodev", 4),
            Map.entry("noexec", 8),
            Map.entry("noatime", 0x10),
            Map.entry("strictatime", 0x20),
            Map.entry("nodiratime", 0x80),
            Map.entry("nosymfollow", 0x200000),
            Map.entry("defaults", 0),
            Map.entry("relatime", 0));

    private static final int MOVE_MOUNT_F_EMPTY_PATH = 4;
    private static final int MOVE_MOUNT_BENEATH = 0x200;
    private static final byte[] NO_PATH = new byte[1];
    private static final int LONGEST_MESSAGE = 4096;

    private final Descriptor mount;
    private final String subject;

    private DetachedMount(Descriptor mount, String subject) {
        this.mount = mount;
        this.subject = subject;
    }

    /** Whether writing is possible. */
    public enum Access {
        WRITABLE,
        /** Neither through this mount nor, where nobody has the filesystem mounted otherwise, to the device. */
        READ_ONLY,
        /** Not through this mount; the filesystem itself may be written to, as by those who have it mounted already. */
        READ_ONLY_VIEW
    }

    /**
     * Mounts.
     *
     * @param options of the filesystem, {@code name} or {@code name=value}, and those of any mount, such as {@code noatime}
     * @throws KernelException with what the filesystem says; EROFS where it must be repaired by writing first
     */
    public static DetachedMount of(String type, Path device, List<String> options, Access access) throws IOException {
        String subject = type + " on " + device;
        long opened = Kernel.LIBC.syscall(Syscall.FSOPEN, bytes(type), CLOSE_ON_EXEC);
        try (Descriptor context = new Descriptor((int) Kernel.check(opened, "fsopen", subject), subject)) {
            configure(context, subject, FSCONFIG_SET_STRING, "source", device.toString());
            configure(context, subject, options);
            if (access == Access.READ_ONLY) {
                configure(context, subject, "ro");
            }
            create(context, subject);
            long made =
                    Kernel.LIBC.syscall(Syscall.FSMOUNT, context.number(), CLOSE_ON_EXEC, attributes(options, access));
            int number = (int) Kernel.check(made, "fsmount", subject);
            return new DetachedMount(new Descriptor(number, subject), subject);
        }
    }

    /**
     * Asks a filesystem whether it knows options; nothing is mounted.
     *
     * @throws KernelException EINVAL with what it says of the first it does not know
     */
    public static void requireOptions(String type, List<String> options) throws IOException {
        long opened = Kernel.LIBC.syscall(Syscall.FSOPEN, bytes(type), CLOSE_ON_EXEC);
        try (Descriptor context = new Descriptor((int) Kernel.check(opened, "fsopen", type), type)) {
            configure(context, type, options);
        }
    }

    private static int attributes(List<String> options, Access access) {
        int given = options.stream()
                .mapToInt(option -> ATTRIBUTES.getOrDefault(option, 0))
                .reduce(0, (one, other) -> one | other);
        return access == Access.WRITABLE ? given : given | MOUNT_ATTR_RDONLY;
    }

    private static void configure(Descriptor context, String subject, List<String> options) throws IOException {
        for (String option : options) {
            if (!ATTRIBUTES.containsKey(option)) {
                configure(context, subject, option);
            }
        }
    }

    private static void configure(Descriptor context, String subject, String option) throws IOException {
        int equals = option.indexOf('=');
        if (equals < 0) {
            long result =
                    Kernel.LIBC.syscall(Syscall.FSCONFIG, context.number(), FSCONFIG_SET_FLAG, bytes(option), null, 0);
            check(result, context, "option " + option + " of", subject);
        } else {
            configure(context, subject, FSCONFIG_SET_STRING, option.substring(0, equals), option.substring(equals + 1));
        }
    }

    private static void configure(Descriptor context, String subject, int command, String key, String value)
            throws IOException {
        long result = Kernel.LIBC.syscall(Syscall.FSCONFIG, context.number(), command, bytes(key), bytes(value), 0);
        check(result, context, "option " + key + " of", subject);
    }

    private static void create(Descriptor context, String subject) throws IOException {
        long result = Kernel.LIBC.syscall(Syscall.FSCONFIG, context.number(), FSCONFIG_CMD_CREATE, null, null, 0);
        check(result, context, "mount", subject);
    }

    /** The kernel's own words for it wait in the context to be read. */
    private static void check(long result, Descriptor context, String call, String subject) throws IOException {
        if (result < 0) {
            int number = Kernel.lastError();
            throw Kernel.failure(call, subject + said(context), number);
        }
    }

    private static String said(Descriptor context) {
        ByteBuffer message = ByteBuffer.allocateDirect(LONGEST_MESSAGE);
        try {
            context.read(message);
        } catch (IOException nothing) {
            return "";
        }
        String text = StandardCharsets.UTF_8.decode(message.flip()).toString();
        return " (" + text.lines().map(line -> line.replaceFirst("^[ewi] ", "")).collect(Collectors.joining("; "))
                + ")";
    }

    /** The top directory, for what is to be done to the filesystem before anybody sees it. */
    public Directory top() throws IOException {
        return Directory.top(mount, subject);
    }

    /** Puts it on a directory; what is mounted there already is covered. */
    public void attach(Path target) throws IOException {
        move(target, MOVE_MOUNT_F_EMPTY_PATH);
    }

    /**
     * Puts it below what is mounted on a directory, so that it appears in the instant that is unmounted.
     *
     * @return false where this kernel cannot (before Linux 6.5) or not here; nothing was done then
     */
    public boolean attachBeneath(Path target) throws IOException {
        try {
            move(target, MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_BENEATH);
            return true;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EINVAL) {
                return false;
            }
            throw failure;
        }
    }

    private void move(Path target, int flags) throws IOException {
        long result = Kernel.LIBC.syscall(
                Syscall.MOVE_MOUNT, mount.number(), NO_PATH, Kernel.AT_FDCWD, Kernel.bytes(target), flags);
        Kernel.check(result, "move_mount of " + subject + " to", target);
    }

    private static byte[] bytes(String text) {
        return (text + "\0").getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        mount.close();
    }
}
