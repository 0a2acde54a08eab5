package io.varve.appliance.cli;

import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.io.entity.AbstractHttpEntity;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;

/** A stream as the body of a request. A source that fails breaks the connection off: half a body must not look whole. */
final class UploadEntity extends AbstractHttpEntity {
    private static final int BUFFER_BYTES = 128 * 1024;

    private final InputStream source;
    private final long length;
    private final Runnable breakOff;

    UploadEntity(InputStream source, long length, ContentType type, Runnable breakOff) {
        super(type, null, length < 0);
        this.source = source;
        this.length = length;
        this.breakOff = breakOff;
    }

    @Override
    public void writeTo(OutputStream out) throws IOException {
        byte[] buffer = new byte[BUFFER_BYTES];
        long sent = 0;
        for (int count = next(buffer); count >= 0; count = next(buffer)) {
            sent += count;
            requireNotLonger(sent);
            out.write(buffer, 0, count);
        }
        if (sent < length) {
            throw changed("it ended after " + sent + " of " + length + " bytes");
        }
    }

    private int next(byte[] buffer) {
        try {
            return source.read(buffer);
        } catch (IOException unreadable) {
            breakOff.run();
            throw CommandFailure.local("cannot read what is to be sent", unreadable);
        }
    }

    private void requireNotLonger(long sent) {
        if (length >= 0 && sent > length) {
            throw changed("it is longer than " + length + " bytes now");
        }
    }

    private CommandFailure changed(String how) {
        breakOff.run();
        return CommandFailure.local("the file changed while it was being sent: " + how);
    }

    @Override
    public InputStream getContent() {
        return source;
    }

    @Override
    public long getContentLength() {
        return length;
    }

    @Override
    public boolean isRepeatable() {
        return false;
    }

    @Override
    public boolean isStreaming() {
        return true;
    }

    @Override
    public void close() throws IOException {
        source.close();
    }
}
