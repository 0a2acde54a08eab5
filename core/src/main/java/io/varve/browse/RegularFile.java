package io.varve.browse;

import io.varve.linux.Descriptor;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;

/** An open regular file whose bytes can be read from anywhere. */
public final class RegularFile implements AutoCloseable {
    private static final int BUFFER = 64 * 1024;

    private final Descriptor descriptor;
    private final FileStat stat;

    RegularFile(Descriptor descriptor, FileStat stat) {
        this.descriptor = descriptor;
        this.stat = stat;
    }

    /** As it was when it was opened. */
    public FileStat stat() {
        return stat;
    }

    /** Bytes, as it was when it was opened. */
    public long size() {
        return stat.size();
    }

    /**
     * Copies bytes out through one small buffer.
     *
     * @throws IOException from {@code out} alone
     * @throws StorageException {@code IO_FAILED} where the file cannot be read, or ends before: it became shorter since
     *     it was opened
     */
    public void copyTo(OutputStream out, long from, long length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, length));
        byte[] bytes = new byte[buffer.capacity()];
        long end = from + length;
        for (long at = from; at < end; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            read(buffer, at);
            buffer.flip().get(bytes, 0, buffer.limit());
            out.write(bytes, 0, buffer.limit());
        }
    }

    private void read(ByteBuffer buffer, long at) {
        try {
            if (descriptor.read(buffer, at) == 0) {
                throw new StorageException(
                        ErrorCode.IO_FAILED, "the file ends at " + at + " bytes; it had " + size() + " when opened");
            }
        } catch (IOException failure) {
            throw KernelException.storage("cannot read the file at byte " + at, failure);
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
