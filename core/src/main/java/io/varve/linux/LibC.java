package io.varve.linux;

import jnr.ffi.annotations.In;
import jnr.ffi.annotations.Out;
import jnr.ffi.types.mode_t;
import jnr.ffi.types.off_t;
import jnr.ffi.types.size_t;
import jnr.ffi.types.ssize_t;
import org.jspecify.annotations.Nullable;

import java.nio.ByteBuffer;

/** The C library, one method a function; paths are bytes that end in NUL. See the man pages of section 2. */
@SuppressWarnings({"checkstyle:MethodName", "MethodName"})
public interface LibC {
    int getpid();

    int geteuid();

    int getegid();

    /** strerror_r(3) as POSIX has it; the plain name is another function in the GNU C library. */
    int __xpg_strerror_r(int number, @Out byte[] text, @size_t long size);

    int openat(int directory, @In byte[] path, int flags, int mode);

    int close(int descriptor);

    int fsync(int descriptor);

    int fdatasync(int descriptor);

    int syncfs(int descriptor);

    int flock(int descriptor, int operation);

    int ftruncate(int descriptor, @off_t long length);

    @off_t
    long lseek(int descriptor, @off_t long offset, int whence);

    int pipe2(@Out int[] ends, int flags);

    int poll(@In @Out byte[] descriptors, @size_t long count, int milliseconds);

    @ssize_t
    long read(int descriptor, @Out ByteBuffer buffer, @size_t long count);

    @ssize_t
    long pread(int descriptor, @Out ByteBuffer buffer, @size_t long count, @off_t long offset);

    @ssize_t
    long pwrite(int descriptor, @In ByteBuffer buffer, @size_t long count, @off_t long offset);

    @ssize_t
    long copy_file_range(int from, @In byte[] fromOffset, int to, @In byte[] toOffset, @size_t long count, int flags);

    int statx(int directory, @In byte[] path, int flags, int mask, @Out byte[] result);

    int fstatfs(int descriptor, @Out byte[] result);

    int statvfs(@In byte[] path, @Out byte[] result);

    int mkdirat(int directory, @In byte[] path, @mode_t int mode);

    int unlinkat(int directory, @In byte[] path, int flags);

    int symlinkat(@In byte[] target, int directory, @In byte[] path);

    int linkat(int fromDirectory, @In byte[] from, int toDirectory, @In byte[] to, int flags);

    int mknodat(int directory, @In byte[] path, @mode_t int mode, long device);

    int renameat2(int fromDirectory, @In byte[] from, int toDirectory, @In byte[] to, int flags);

    @ssize_t
    long readlinkat(int directory, @In byte[] path, @Out byte[] buffer, @size_t long size);

    int fchownat(int directory, @In byte[] path, int owner, int group, int flags);

    int fchmodat(int directory, @In byte[] path, @mode_t int mode, int flags);

    int utimensat(int directory, @In byte[] path, @In byte[] times, int flags);

    @ssize_t
    long llistxattr(@In byte[] path, @Out byte[] list, @size_t long size);

    @ssize_t
    long lgetxattr(@In byte[] path, @In byte[] name, @Out byte[] value, @size_t long size);

    int lsetxattr(@In byte[] path, @In byte[] name, @In byte[] value, @size_t long size, int flags);

    int lremovexattr(@In byte[] path, @In byte[] name);

    /** The ioctl whose argument is a buffer that the kernel reads and writes. */
    int ioctl(int descriptor, long request, @In @Out byte[] argument);

    /** getdents64(2) and openat2(2), for which the C library of older hosts has no function. */
    long syscall(long number, int descriptor, @Out byte[] buffer, long size);

    long syscall(long number, int directory, @In byte[] path, @In byte[] how, long size);

    int umount2(@In byte[] target, int flags);

    /** fsopen(2) and fsmount(2), as the two that follow of the newer interface to mounts. */
    long syscall(long number, @In byte[] type, int flags);

    long syscall(long number, int context, int flags, int attributes);

    /** fsconfig(2). */
    long syscall(
            long number, int context, int command, @In byte @Nullable [] key, @In byte @Nullable [] value, int aux);

    /** move_mount(2). */
    long syscall(long number, int from, @In byte[] fromPath, int to, @In byte[] toPath, int flags);
}
