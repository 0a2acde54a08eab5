package io.varve.browse;

import io.varve.linux.Descriptor;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.OptionalLong;

/** Compares the bytes of files through two buffers of its own; for one thread. */
final class Contents {
    private static final int BUFFER = 256 * 1024;

    private final ByteBuffer one = ByteBuffer.allocateDirect(BUFFER);
    private final ByteBuffer other = ByteBuffer.allocateDirect(BUFFER);
    private final Work work;

    Contents(Work work) {
        this.work = work;
    }

    /**
     * Whether two files hold the same bytes.
     *
     * @param size of both
     * @param sparse passes over holes that both have, which read as zeros
     */
    boolean equal(Descriptor before, Descriptor after, long size, boolean sparse) throws IOException {
        long at = 0;
        while (at < size) {
            Work.checkpoint(work);
            at = sparse ? nextData(before, after, at, size) : at;
            int read = fill(one, before, at, size - at);
            if (fill(other, after, at, size - at) != read || one.mismatch(other) >= 0) {
                return false;
            }
            if (read == 0) {
                return true;
            }
            at += read;
        }
        return true;
    }

    private static long nextData(Descriptor before, Descriptor after, long at, long size) throws IOException {
        OptionalLong old = before.nextData(at);
        OptionalLong current = after.nextData(at);
        return Math.min(old.orElse(size), current.orElse(size));
    }

    /** Reads until the buffer is full or the file ends; the buffer then holds what was read. */
    private static int fill(ByteBuffer buffer, Descriptor file, long at, long most) throws IOException {
        buffer.clear().limit((int) Math.min(BUFFER, most));
        boolean ended = false;
        while (buffer.hasRemaining() && !ended) {
            ended = file.read(buffer, at + buffer.position()) == 0;
        }
        return buffer.flip().limit();
    }
}
