package io.varve.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.OptionalLong;
import java.util.concurrent.atomic.AtomicBoolean;

/** An open file descriptor; closing twice is harmless. */
public final class Descriptor implements AutoCloseable {
    /** lseek(2): the start of the next data, and of the next hole. */
    private static final int SEEK_DATA = 3;

    private static final int SEEK_HOLE = 4;

    private final int number;
    private final String subject;
    private final AtomicBoolean closed = new AtomicBoolean();

    Descriptor(int number, String subject) {
        this.number = number;
        this.subject = subject;
    }

    public int number() {
        return number;
    }

    /** What is open here, whatever its name points to by now. */
    public FileStat stat() throws IOException {
        byte[] struct = new byte[FileStat.STRUCT_SIZE];
        int emptyPath = 0x1000;
        int result = Kernel.LIBC.statx(number, new byte[1], emptyPath, Kernel.STATX_WANTED, struct);
        Kernel.check(result, "stat", subject);
        return FileStat.parse(struct);
    }

    /** Reads into the buffer's remaining space, which must be direct; returns 0 at the end. */
    public int read(ByteBuffer buffer, long position) throws IOException {
        long n = Kernel.LIBC.pread(number, buffer, buffer.remaining(), position);
        buffer.position(buffer.position() + (int) Kernel.check(n, "read", subject));
        return (int) n;
    }

    /** Reads what comes next, from a pipe too, into the buffer, which must be direct; returns 0 at the end. */
    public int read(ByteBuffer buffer) throws IOException {
        long n = Kernel.LIBC.read(number, buffer, buffer.remaining());
        buffer.position(buffer.position() + (int) Kernel.check(n, "read", subject));
        return (int) n;
    }

    /** Waits until {@link #read(ByteBuffer)} would not block; false where that did not come in time (poll(2)). */
    public boolean awaitReadable(Duration atMost) throws IOException {
        short pollIn = 1;
        ByteBuffer request = ByteBuffer.allocate(8).order(ByteOrder.nativeOrder());
        request.putInt(0, number).putShort(4, pollIn);
        int ready = Kernel.LIBC.poll(request.array(), 1, Math.toIntExact(atMost.toMillis()));
        return Kernel.check(ready, "poll", subject) > 0;
    }

    /** Writes everything the buffer, which must be direct, has left. */
    public void write(ByteBuffer buffer, long position) throws IOException {
        long at = position;
        while (buffer.hasRemaining()) {
            long n = Kernel.check(Kernel.LIBC.pwrite(number, buffer, buffer.remaining(), at), "write", subject);
            buffer.position(buffer.position() + (int) n);
            at += n;
        }
    }

    /** Where data starts at or after {@code position}; empty where only a hole follows. */
    public OptionalLong nextData(long position) throws IOException {
        return seek(position, SEEK_DATA);
    }

    /** Where the data that holds {@code position} ends. */
    public OptionalLong nextHole(long position) throws IOException {
        return seek(position, SEEK_HOLE);
    }

    private OptionalLong seek(long position, int whence) throws IOException {
        long at = Kernel.LIBC.lseek(number, position, whence);
        if (at >= 0) {
            return OptionalLong.of(at);
        }
        // Nothing of the kind follows.
        if (Kernel.lastError() == Errno.ENXIO.number()) {
            return OptionalLong.empty();
        }
        throw Kernel.failure("lseek", subject);
    }

    /**
     * Makes this file share all data of another one, as an independent copy of its own (ioctl_ficlonerange(2)).
     *
     * @throws KernelException EOPNOTSUPP and others where the filesystem cannot do that
     */
    public void cloneFrom(Descriptor source) throws IOException {
        long request = 0x4020940DL;
        ByteBuffer range = ByteBuffer.allocate(32).order(ByteOrder.nativeOrder());
        range.putLong(0, source.number);
        Kernel.check(Kernel.LIBC.ioctl(number, request, range.array()), "clone", subject);
    }

    /**
     * Copies from another file to the same place in this one without the data coming by here; over NFS, the server does it
     * (copy_file_range(2)).
     *
     * @return bytes that were copied; 0 at the end of the source
     */
    public long copyFrom(Descriptor source, long position, long count) throws IOException {
        byte[] at = ByteBuffer.allocate(8)
                .order(ByteOrder.nativeOrder())
                .putLong(position)
                .array();
        long copied = Kernel.LIBC.copy_file_range(source.number, at, number, at.clone(), count, 0);
        return Kernel.check(copied, "copy_file_range", subject);
    }

    public void truncate(long length) throws IOException {
        Kernel.check(Kernel.LIBC.ftruncate(number, length), "ftruncate", subject);
    }

    public void sync() throws IOException {
        Kernel.check(Kernel.LIBC.fsync(number), "fsync", subject);
    }

    /** Makes everything of the whole filesystem durable: one call where many files were written. */
    public void syncFilesystem() throws IOException {
        Kernel.check(Kernel.LIBC.syncfs(number), "syncfs", subject);
    }

    /**
     * Hands everything written to this file over to its filesystem, without waiting for the disk, and tells whether the
     * filesystem keeps all of it within its own metadata: then it is durable once those are committed. False, and no
     * promise, on filesystems that cannot say so. FS_IOC_FIEMAP with FIEMAP_FLAG_SYNC (linux/fiemap.h).
     */
    boolean flushIntoMetadata() throws IOException {
        ByteBuffer map = ByteBuffer.allocate(Fiemap.SIZE).order(ByteOrder.nativeOrder());
        map.putLong(8, -1L).putInt(16, Fiemap.SYNC).putInt(24, 1);
        if (Kernel.LIBC.ioctl(number, Fiemap.REQUEST, map.array()) < 0) {
            KernelException failure = Kernel.failure("FIEMAP", subject);
            if (failure.errno() == Errno.EOPNOTSUPP || failure.errno() == Errno.ENOTTY) {
                return false;
            }
            throw failure;
        }
        return map.getInt(20) == 1 && map.getLong(32) == 0 && map.getInt(72) == Fiemap.WHOLLY_INLINE;
    }

    /** linux/fiemap.h: a request for one extent, and the flags of one that is the file's only one and inline. */
    private static final class Fiemap {
        static final long REQUEST = 0xC020660BL;
        static final int SIZE = 32 + 56;
        static final int SYNC = 1;
        static final int WHOLLY_INLINE = 0x1 | 0x100 | 0x200;
    }

    /** ioctl(2) with a buffer that the kernel reads and may write. */
    public int ioctl(String name, long request, byte[] argument) throws IOException {
        return (int) Kernel.check(Kernel.LIBC.ioctl(number, request, argument), name, subject);
    }

    /** The magic of the filesystem this is on (statfs(2)). */
    public long filesystemMagic() throws IOException {
        byte[] result = new byte[120];
        Kernel.check(Kernel.LIBC.fstatfs(number, result), "fstatfs", subject);
        return ByteBuffer.wrap(result).order(ByteOrder.nativeOrder()).getLong(0);
    }

    /** Takes the advisory lock (flock(2)) without waiting; false where another open file has it. */
    public boolean tryLock() throws IOException {
        int lockExclusiveNonBlocking = 2 | 4;
        if (Kernel.LIBC.flock(number, lockExclusiveNonBlocking) == 0) {
            return true;
        }
        KernelException failure = Kernel.failure("flock", subject);
        if (failure.errno() == Errno.EAGAIN) {
            return false;
        }
        throw failure;
    }

    @Override
    public void close() {
        if (closed.compareAndSet(false, true)) {
            Kernel.LIBC.close(number);
        }
    }
}
