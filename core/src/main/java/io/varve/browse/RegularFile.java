package io.varve.browse;

import io.varve.linux.Descriptor;
import io.varve.linux.FileStat;

import java.io.EOFException;
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
     * @throws EOFException where the file ends before: it became shorter since it was opened
     */
    public void copyTo(OutputStream out, long from, long length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect((int) Math.min(BUFFER, length));
        byte[] bytes = new byte[buffer.capacity()];
        long end = from + length;
        for (long at = from; at < end; at += buffer.limit()) {
            buffer.clear().limit((int) Math.min(buffer.capacity(), end - at));
            if (descriptor.read(buffer, at) == 0) {
                throw new EOFException("the file ends at " + at + " bytes; it had " + size());
            }
            buffer.flip().get(bytes, 0, buffer.limit());
            out.write(bytes, 0, buffer.limit());
        }
    }

    @Override
    public void close() {
        descriptor.close();
    }
}
