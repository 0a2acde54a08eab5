package io.varve.conformance;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.util.Arrays;

/** A stream that does something when this much of it has been read, and then has the rest. */
final class HaltingStream extends InputStream {
    private final InputStream first;
    private final InputStream rest;
    private final Runnable halt;
    private boolean halted;

    HaltingStream(byte[] all, int from, Runnable halt) {
        this.first = new ByteArrayInputStream(all, 0, from);
        this.rest = new ByteArrayInputStream(Arrays.copyOfRange(all, from, all.length));
        this.halt = halt;
    }

    @Override
    public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
        try {
            int count = halted ? -1 : first.read(bytes, offset, length);
            if (count >= 0) {
                return count;
            }
            if (!halted) {
                halted = true;
                halt.run();
            }
            return rest.read(bytes, offset, length);
        } catch (java.io.IOException impossible) {
            throw new AssertionError("memory cannot be read", impossible);
        }
    }
}
