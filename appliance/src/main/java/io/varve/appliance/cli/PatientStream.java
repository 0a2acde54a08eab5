package io.varve.appliance.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketTimeoutException;

/** A stream that counts as ended once its socket's patience is at an end. */
final class PatientStream extends FilterInputStream {
    PatientStream(InputStream in) {
        super(in);
    }

    @Override
    public int read() throws IOException {
        try {
            return super.read();
        } catch (SocketTimeoutException silent) {
            return -1;
        }
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        try {
            return super.read(bytes, offset, length);
        } catch (SocketTimeoutException silent) {
            return -1;
        }
    }
}
