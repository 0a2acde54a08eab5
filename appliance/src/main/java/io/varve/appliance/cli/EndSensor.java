package io.varve.appliance.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Knows whether a stream was read to its end. */
final class EndSensor extends FilterInputStream {
    private boolean atEnd;

    EndSensor(InputStream in) {
        super(in);
    }

    boolean atEnd() {
        return atEnd;
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        atEnd = b < 0;
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        atEnd = count < 0;
        return count;
    }
}
