package io.varve.appliance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;

/** Copies streams of any length through one buffer, and tells a failing source from a failing sink. */
final class Copying {
    private static final int BUFFER_BYTES = 128 * 1024;

    private Copying() {}

    /** Takes what was read; fails with {@link CommandFailure}, never with what could be taken for the source's failure. */
    @FunctionalInterface
    interface Sink {
        void write(byte[] bytes, int length);
    }

    /**
     * Copies to the end of {@code source}.
     *
     * @return the number of bytes
     * @throws IOException where the source fails
     */
    static long copy(InputStream source, Sink sink) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long copied = 0;
        for (int count = source.read(buffer); count >= 0; count = source.read(buffer)) {
            sink.write(buffer, count);
            copied += count;
        }
        return copied;
    }

    static Sink into(FileChannel file, String name) {
        return (bytes, length) -> {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, 0, length);
            try {
                while (buffer.hasRemaining()) {
                    file.write(buffer);
                }
            } catch (IOException full) {
                throw CommandFailure.local("cannot write " + name, full);
            }
        };
    }
}
