package io.varve.appliance.cli;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;

/** Moves a progress bar by what is read. */
final class MeteredStream extends FilterInputStream {
    private final ProgressBar progress;

    MeteredStream(InputStream in, ProgressBar progress) {
        super(in);
        this.progress = progress;
    }

    /** The figures of the whole way stay on the terminal. */
    @Override
    public void close() throws IOException {
        progress.finish();
        super.close();
    }

    @Override
    public int read() throws IOException {
        int b = super.read();
        progress.advance(b < 0 ? 0 : 1);
        return b;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) throws IOException {
        int count = super.read(bytes, offset, length);
        progress.advance(Math.max(0, count));
        return count;
    }
}
