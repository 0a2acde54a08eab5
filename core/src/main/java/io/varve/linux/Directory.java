package io.varve.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * An open directory and system calls on names inside it: no name is looked up twice and no symlink is followed, so
 * nobody can swap a path for another between two steps.
 */
public final class Directory implements AutoCloseable {
    private static final int AT_REMOVEDIR = 0x200;
    private static final int BUFFER = 64 * 1024;
    private static final int MAX_PATH = 4096;

    /** Asks the xattr calls for a size alone; and what may come in addition before the second call. */
    private static final byte[] NO_BYTES = new byte[0];

    private static final int ROOM = 512;
    private static final int RESOLVE_NO_XDEV = 0x01;
    private static final int RESOLVE_NO_SYMLINKS = 0x04;
    private static final int RESOLVE_BENEATH = 0x08;

    /** ELOOP: a symlink is there, which is not followed. */
    private static final Set<Errno> NO_DIRECTORY = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

    private final Descriptor descriptor;
    private final String subject;

    private Directory(Descriptor descriptor, String subject) {
        this.descriptor = descriptor;
        this.subject = subject;
    }

    public static Directory open(Path path) throws IOException {
        Descriptor opened = Kernel.open(path, OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
        return new Directory(opened, path.toString());
    }

    /** The top directory of a mount that is known by its descriptor alone. */
    static Directory top(Descriptor mount, String subject) throws IOException {
        int flags = OpenFlag.bits(OpenFlag.READ, OpenFlag.DIRECTORY);
        int number = Kernel.LIBC.openat(mount.number(), RawName.of(".").terminated(), flags, 0);
        return new Directory(new Descriptor((int) Kernel.check(number, "open", subject), subject), subject);
    }

    public Directory openDirectory(RawName name) throws IOException {
        Descriptor opened = openFile(name, 0, OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
        return new Directory(opened, at(name));
    }

    /** Opens the directory that is above this one now; the caller looks whether it is the one it means. */
    Directory openParent(String itsSubject) throws IOException {
        Descriptor opened = openFile(RawName.of(".."), 0, OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW);
        return new Directory(opened, itsSubject);
    }

    /**
     * Opens a directory at a relative path, refusing {@code ..} that leads out, every symlink and every mount point on
     * the way (openat2(2)).
     */
    public Directory openBeneath(RawName path) throws IOException {
        byte[] name = path.length() == 0 ? RawName.of(".").terminated() : path.terminated();
        ByteBuffer how = ByteBuffer.allocate(24).order(ByteOrder.nativeOrder());
        how.putLong(OpenFlag.bits(OpenFlag.READ, OpenFlag.DIRECTORY, OpenFlag.NO_FOLLOW));
        how.putLong(0).putLong(RESOLVE_BENEATH | RESOLVE_NO_SYMLINKS | RESOLVE_NO_XDEV);
        long number = Kernel.LIBC.syscall(Syscall.OPENAT2, descriptor.number(), name, how.array(), how.capacity());
        return new Directory(new Descriptor((int) Kernel.check(number, "openat2", at(path)), at(path)), at(path));
    }

    public Descriptor openFile(RawName name, int permissions, OpenFlag... flags) throws IOException {
        int bits = OpenFlag.bits(flags) | OpenFlag.bits(OpenFlag.NO_FOLLOW);
        int number = Kernel.LIBC.openat(descriptor.number(), name.terminated(), bits, permissions);
        return new Descriptor((int) Kernel.check(number, "open", at(name)), at(name));
    }

    /**
     * A name in a directory, as the directory has it.
     *
     * @param inode what the name stands for, without looking at it: at a mount point what is hidden there, at a btrfs
     *     subvolume the subvolume's id
     */
    public record Entry(RawName name, long inode) {}

    /** The names inside, without {@code .} and {@code ..}, in the order the filesystem gives; none of a directory that was removed after it was opened. The list is the caller's. */
    public List<RawName> names() throws IOException {
        return entries().stream().map(Entry::name).collect(Collectors.toCollection(ArrayList::new));
    }

    /** The same names, with what costs nothing to know besides. */
    public List<Entry> entries() throws IOException {
        List<Entry> entries = new ArrayList<>();
        byte[] buffer = new byte[BUFFER];
        Kernel.check(Kernel.LIBC.lseek(descriptor.number(), 0, 0), "rewind", subject);
        while (true) {
            long n = Kernel.LIBC.syscall(Syscall.GETDENTS64, descriptor.number(), buffer, buffer.length);
            if (n == 0 || (n < 0 && wasRemoved())) {
                return entries;
            }
            Kernel.check(n, "getdents64", subject);
            collect(buffer, (int) n, entries);
        }
    }

    /** getdents64(2) answers so where the directory itself is gone. */
    private static boolean wasRemoved() {
        return Kernel.lastError() == Errno.ENOENT.number();
    }

    /** Reads struct linux_dirent64: inode 8, offset 8, record length 2, type 1, name. */
    private static void collect(byte[] buffer, int length, List<Entry> entries) {
        ByteBuffer b = ByteBuffer.wrap(buffer, 0, length).order(ByteOrder.nativeOrder());
        for (int at = 0; at < length; at += Short.toUnsignedInt(b.getShort(at + 16))) {
            int start = at + 19;
            int end = start;
            while (buffer[end] != 0) {
                end++;
            }
            if (!isSelfOrParent(buffer, start, end)) {
                entries.add(new Entry(RawName.of(Arrays.copyOfRange(buffer, start, end)), b.getLong(at)));
            }
        }
    }

    private static boolean isSelfOrParent(byte[] buffer, int start, int end) {
        int length = end - start;
        return length <= 2 && buffer[start] == '.' && (length == 1 || buffer[start + 1] == '.');
    }

    /** What the name is; a symlink is not followed. */
    public FileStat stat(RawName name) throws IOException {
        byte[] struct = new byte[FileStat.STRUCT_SIZE];
        int result = Kernel.LIBC.statx(
                descriptor.number(), name.terminated(), Kernel.AT_SYMLINK_NOFOLLOW, Kernel.STATX_WANTED, struct);
        check(result, "stat", name);
        return FileStat.parse(struct);
    }

    /** What this directory itself is. */
    public FileStat stat() throws IOException {
        return descriptor.stat();
    }

    public boolean contains(RawName name) throws IOException {
        return find(name).isPresent();
    }

    /** What the name is; empty where there is no such name (any more). */
    public Optional<FileStat> find(RawName name) throws IOException {
        try {
            return Optional.of(stat(name));
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** The directory of this name; empty where there is none (any more), also where the name is something else. */
    public Optional<Directory> findDirectory(RawName name) throws IOException {
        try {
            return Optional.of(openDirectory(name));
        } catch (KernelException failure) {
            if (NO_DIRECTORY.contains(failure.errno())) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    /** The text of a symlink. */
    public RawName readLink(RawName name) throws IOException {
        byte[] buffer = new byte[4097];
        long n = Kernel.LIBC.readlinkat(descriptor.number(), name.terminated(), buffer, buffer.length);
        Kernel.check(n, "readlink", at(name));
        return RawName.of(Arrays.copyOf(buffer, (int) n));
    }

    public void makeDirectory(RawName name, int permissions) throws IOException {
        check(Kernel.LIBC.mkdirat(descriptor.number(), name.terminated(), permissions), "mkdir", name);
    }

    public void makeSymlink(RawName name, RawName target) throws IOException {
        check(Kernel.LIBC.symlinkat(target.terminated(), descriptor.number(), name.terminated()), "symlink", name);
    }

    /** Makes {@code name} here one more name of a file in {@code from}. */
    public void makeLink(RawName name, Directory from, RawName existing) throws IOException {
        int result = Kernel.LIBC.linkat(
                from.descriptor.number(), existing.terminated(), descriptor.number(), name.terminated(), 0);
        check(result, "link", name);
    }

    /** Makes a fifo, socket or device; {@code device} is 0 for the first two. */
    public void makeNode(RawName name, FileKind kind, int permissions, long device) throws IOException {
        int mode = kind.bits() | permissions;
        check(Kernel.LIBC.mknodat(descriptor.number(), name.terminated(), mode, device), "mknod", name);
    }

    /** Moves a name into another directory; what has the name there stays, and the call fails with EEXIST. */
    public void moveNew(RawName name, Directory to) throws IOException {
        move(name, to, Kernel.RENAME_NOREPLACE);
    }

    /** Moves a name into another directory, in one step over what is there (rename(2) says what may be). */
    public void moveOver(RawName name, Directory to) throws IOException {
        move(name, to, 0);
    }

    private void move(RawName name, Directory to, int flags) throws IOException {
        byte[] bytes = name.terminated();
        int result = Kernel.LIBC.renameat2(descriptor.number(), bytes, to.descriptor.number(), bytes, flags);
        check(result, "move to " + to.subject + " of", name);
    }

    public void unlink(RawName name) throws IOException {
        check(Kernel.LIBC.unlinkat(descriptor.number(), name.terminated(), 0), "unlink", name);
    }

    public void removeDirectory(RawName name) throws IOException {
        check(Kernel.LIBC.unlinkat(descriptor.number(), name.terminated(), AT_REMOVEDIR), "rmdir", name);
    }

    public void setOwner(RawName name, int owner, int group) throws IOException {
        int result =
                Kernel.LIBC.fchownat(descriptor.number(), name.terminated(), owner, group, Kernel.AT_SYMLINK_NOFOLLOW);
        check(result, "chown", name);
    }

    /** Sets the mode of what is not a symlink. */
    public void setPermissions(RawName name, int permissions) throws IOException {
        check(Kernel.LIBC.fchmodat(descriptor.number(), name.terminated(), permissions, 0), "chmod", name);
    }

    /** Sets the modification time to the nanosecond and leaves the access time alone. */
    public void setModified(RawName name, Instant time) throws IOException {
        long utimeOmit = 0x3ffffffe;
        ByteBuffer times = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
        times.putLong(0).putLong(utimeOmit).putLong(time.getEpochSecond()).putLong(time.getNano());
        int result = Kernel.LIBC.utimensat(
                descriptor.number(), name.terminated(), times.array(), Kernel.AT_SYMLINK_NOFOLLOW);
        check(result, "utimens", name);
    }

    /** The extended attributes of a name, ACLs among them ({@code system.posix_acl_access}); a symlink's own. */
    public Map<String, byte[]> attributes(RawName name) throws IOException {
        byte[] path = procPath(name);
        long needed = Kernel.LIBC.llistxattr(path, NO_BYTES, 0);
        if (needed < 0 && Errno.of(Kernel.lastError()) == Errno.EOPNOTSUPP) {
            return Map.of();
        }
        if (Kernel.check(needed, "listxattr", at(name)) == 0) {
            return Map.of();
        }
        byte[] list = new byte[(int) needed + ROOM];
        long n = Kernel.check(Kernel.LIBC.llistxattr(path, list, list.length), "listxattr", at(name));
        Map<String, byte[]> attributes = new TreeMap<>();
        String names = new String(list, 0, (int) n, StandardCharsets.ISO_8859_1);
        for (String attribute : names.split("\0", 0)) {
            if (!attribute.isEmpty()) {
                attributes.put(attribute, attribute(path, name, attribute));
            }
        }
        return attributes;
    }

    private byte[] attribute(byte[] path, RawName name, String attribute) throws IOException {
        byte[] key = terminated(attribute);
        String call = "getxattr " + attribute;
        long needed = Kernel.check(Kernel.LIBC.lgetxattr(path, key, NO_BYTES, 0), call, at(name));
        byte[] value = new byte[(int) needed + ROOM];
        long n = Kernel.check(Kernel.LIBC.lgetxattr(path, key, value, value.length), call, at(name));
        return Arrays.copyOf(value, (int) n);
    }

    public void setAttribute(RawName name, String attribute, byte[] value) throws IOException {
        int result = Kernel.LIBC.lsetxattr(procPath(name), terminated(attribute), value, value.length, 0);
        check(result, "setxattr " + attribute, name);
    }

    public void removeAttribute(RawName name, String attribute) throws IOException {
        check(Kernel.LIBC.lremovexattr(procPath(name), terminated(attribute)), "removexattr " + attribute, name);
    }

    /** The directory's own descriptor, for calls that concern it as a whole. */
    public Descriptor descriptor() {
        return descriptor;
    }

    @Override
    public void close() {
        descriptor.close();
    }

    /** The xattr calls know no directory; through /proc they reach the same file, whatever its directory is called. */
    private byte[] procPath(RawName name) {
        return RawName.of("/proc/self/fd/" + descriptor.number()).resolve(name).terminated();
    }

    private static byte[] terminated(String latin1) {
        return (latin1 + "\0").getBytes(StandardCharsets.ISO_8859_1);
    }

    private void check(long result, String call, RawName name) throws KernelException {
        if (result < 0) {
            throw Kernel.failure(call, at(name));
        }
    }

    /** What this directory is called in messages. */
    String subject() {
        return subject;
    }

    /** No path that long is of use to the kernel or to people, and trees can be deeper than any path. */
    private String at(RawName name) {
        return (subject.length() > MAX_PATH ? "..." : subject) + "/" + name;
    }
}
