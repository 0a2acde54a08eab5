package io.varve.linux;

import jnr.ffi.LibraryLoader;
import jnr.ffi.Runtime;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;

/** System calls on absolute paths. What works on names inside an open directory is in {@link Directory}. */
public final class Kernel {
    static final LibC LIBC = LibraryLoader.create(LibC.class).load("c");
    private static final Runtime RUNTIME = Runtime.getRuntime(LIBC);

    /** fcntl.h: names are looked up from the working directory, which absolute paths ignore. */
    static final int AT_FDCWD = -100;

    static final int AT_SYMLINK_NOFOLLOW = 0x100;

    /** linux/stat.h: the basic fields and the mount id. */
    static final int STATX_WANTED = 0x7ff | 0x1000;

    static final int RENAME_NOREPLACE = 1;
    private static final int RENAME_EXCHANGE = 2;

    /** The longest text of an error; the C library's are below 60 bytes. */
    private static final int ERROR_TEXT = 256;

    private Kernel() {}

    /** Whether system calls reach the kernel; false where something else answers them. */
    public static boolean isNative() {
        return LIBC.getpid() == ProcessHandle.current().pid();
    }

    public static boolean isRoot() {
        return effectiveUser() == 0;
    }

    public static int effectiveUser() {
        return LIBC.geteuid();
    }

    public static int effectiveGroup() {
        return LIBC.getegid();
    }

    public static Descriptor open(Path path, OpenFlag... flags) throws IOException {
        int number = LIBC.openat(AT_FDCWD, bytes(path), OpenFlag.bits(flags), 0600);
        return new Descriptor((int) check(number, "open", path), path.toString());
    }

    /** A pipe between two threads of this process (pipe2(2)); a child process inherits neither end. */
    public static Pipe pipe() throws IOException {
        int[] ends = new int[2];
        check(LIBC.pipe2(ends, OpenFlag.bits()), "pipe2", "pipe");
        return new Pipe(new Descriptor(ends[0], "pipe"), new Descriptor(ends[1], "pipe"));
    }

    /** The file itself; a symlink is not followed. */
    public static FileStat stat(Path path) throws IOException {
        byte[] struct = new byte[FileStat.STRUCT_SIZE];
        check(LIBC.statx(AT_FDCWD, bytes(path), AT_SYMLINK_NOFOLLOW, STATX_WANTED, struct), "stat", path);
        return FileStat.parse(struct);
    }

    /** Whether something, also a dangling symlink, is there. */
    public static boolean exists(Path path) throws IOException {
        try {
            stat(path);
            return true;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT || failure.errno() == Errno.ENOTDIR) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * Renames; what is at the new name already stays and the call fails with EEXIST. Where the filesystem cannot do that
     * in one step, as NFS cannot, a file has both names for a moment, and a directory may take the place of an empty
     * one that appears in that moment.
     */
    public static void renameNew(Path from, Path to) throws IOException {
        try {
            rename(from, to, RENAME_NOREPLACE);
        } catch (KernelException failure) {
            if (failure.errno() != Errno.EINVAL && failure.errno() != Errno.ENOSYS) {
                throw failure;
            }
            renameInSteps(from, to);
        }
    }

    private static void renameInSteps(Path from, Path to) throws IOException {
        if (!stat(from).isDirectory()) {
            link(from, to);
            check(LIBC.unlinkat(AT_FDCWD, bytes(from), 0), "unlink", from);
        } else if (exists(to)) {
            throw failure("rename", from + " to " + to, Errno.EEXIST.number());
        } else {
            rename(from, to, 0);
        }
    }

    /** Exchanges two names in one atomic step (renameat2(2), RENAME_EXCHANGE). */
    public static void exchange(Path one, Path other) throws IOException {
        rename(one, other, RENAME_EXCHANGE);
    }

    private static void rename(Path from, Path to, int flags) throws IOException {
        int result = LIBC.renameat2(AT_FDCWD, bytes(from), AT_FDCWD, bytes(to), flags);
        check(result, "rename", from + " to " + to);
    }

    /** Makes a device file, of permissions 0600; see {@link FileStat#makeDevice}. */
    public static void makeBlockDevice(Path path, long device) throws IOException {
        int mode = FileKind.BLOCK_DEVICE.bits() | 0600;
        check(LIBC.mknodat(AT_FDCWD, bytes(path), mode, device), "mknod", path);
    }

    /** Makes a new name for a file; fails with EEXIST where there is one already. */
    public static void link(Path existing, Path name) throws IOException {
        check(LIBC.linkat(AT_FDCWD, bytes(existing), AT_FDCWD, bytes(name), 0), "link", name);
    }

    public static void setOwner(Path path, int owner, int group) throws IOException {
        check(LIBC.fchownat(AT_FDCWD, bytes(path), owner, group, AT_SYMLINK_NOFOLLOW), "chown", path);
    }

    public static void setPermissions(Path path, int permissions) throws IOException {
        check(LIBC.fchmodat(AT_FDCWD, bytes(path), permissions, 0), "chmod", path);
    }

    /** The size, use and free space of the filesystem that holds a path (statvfs(3)). */
    public static FilesystemSpace space(Path path) throws IOException {
        byte[] struct = new byte[FilesystemSpace.STRUCT_SIZE];
        check(LIBC.statvfs(bytes(path), struct), "statvfs", path);
        return FilesystemSpace.parse(struct);
    }

    static byte[] bytes(Path path) {
        return (path + "\0").getBytes(StandardCharsets.UTF_8);
    }

    static long check(long result, String call, Object subject) throws KernelException {
        if (result < 0) {
            throw failure(call, subject.toString());
        }
        return result;
    }

    static KernelException failure(String call, String subject) {
        return failure(call, subject, lastError());
    }

    static KernelException failure(String call, String subject, int number) {
        return new KernelException(call, subject, number, errorText(number));
    }

    static String errorText(int number) {
        byte[] text = new byte[ERROR_TEXT];
        LIBC.__xpg_strerror_r(number, text, text.length);
        int length = 0;
        while (text[length] != 0) {
            length++;
        }
        return new String(text, 0, length, StandardCharsets.UTF_8);
    }

    /** The errno of this thread's last failed call. */
    static int lastError() {
        return RUNTIME.getLastError();
    }
}
