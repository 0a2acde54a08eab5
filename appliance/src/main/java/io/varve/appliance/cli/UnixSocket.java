package io.varve.appliance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A Unix domain socket in the shape of a {@link Socket}, for an HTTP client that knows only that; used by one thread at a
 * time.
 *
 * <p>Writing never waits for a peer that has already answered or gone: what is left to send is dropped then, so that the
 * answer (no space, archive invalid) is read instead of lost in a broken pipe. {@link InputStream#available} tells that
 * an answer is there.
 */
final class UnixSocket extends Socket {
    private final Path path;
    private final SocketChannel channel;
    private final Selector selector;
    private int timeoutMillis;
    private boolean peerStoppedReading;

    UnixSocket(Path path) throws IOException {
        this.path = path;
        this.channel = SocketChannel.open(StandardProtocolFamily.UNIX);
        this.selector = Selector.open();
    }

    /** Connects to the socket's path, whatever the address says. */
    @Override
    public void connect(SocketAddress ignored, int timeout) throws IOException {
        channel.connect(UnixDomainSocketAddress.of(path));
        channel.configureBlocking(false);
        channel.register(selector, 0);
    }

    @Override
    public InputStream getInputStream() {
        return new Input();
    }

    @Override
    public OutputStream getOutputStream() {
        return new Output();
    }

    @Override
    public boolean isClosed() {
        return !channel.isOpen();
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            selector.close();
        }
    }

    @Override
    public int getSoTimeout() {
        return timeoutMillis;
    }

    @Override
    public void setSoTimeout(int millis) {
        timeoutMillis = millis;
    }

    // Options of TCP have no meaning here; the inherited methods would open a TCP socket to keep them.

    @Override
    public void setTcpNoDelay(boolean on) {}

    @Override
    public void setKeepAlive(boolean on) {}

    @Override
    public void setReuseAddress(boolean on) {}

    @Override
    public void setSoLinger(boolean on, int seconds) {}

    /** Waits until one of the operations is possible; 0 milliseconds is for ever. Returns the ones that are, 0 none. */
    private int await(int operations, int millis) throws IOException {
        try {
            SelectionKey key = channel.keyFor(selector);
            if (key == null) {
                throw new SocketException("not connected");
            }
            key.interestOps(operations);
            int changed = selector.select(millis);
            selector.selectedKeys().clear();
            if (Thread.currentThread().isInterrupted()) {
                throw new InterruptedIOException("interrupted");
            }
            return changed == 0 ? 0 : key.readyOps();
        } catch (ClosedSelectorException closed) {
            throw closed(closed);
        }
    }

    private static SocketException closed(Exception cause) {
        SocketException closed = new SocketException("the connection is closed");
        closed.initCause(cause);
        return closed;
    }

    private final class Input extends InputStream {
        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : Byte.toUnsignedInt(one[0]);
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            int count = channel.read(buffer);
            while (count == 0 && length > 0) {
                if (await(SelectionKey.OP_READ, timeoutMillis) == 0 && timeoutMillis > 0) {
                    throw new SocketTimeoutException("nothing came within " + timeoutMillis + " ms");
                }
                count = channel.read(buffer);
            }
            return count;
        }

        @Override
        public int available() throws IOException {
            SelectionKey key = channel.keyFor(selector);
            if (key == null || !key.isValid()) {
                return 0;
            }
            key.interestOps(SelectionKey.OP_READ);
            int changed = selector.selectNow();
            selector.selectedKeys().clear();
            return changed > 0 && key.isReadable() ? 1 : 0;
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }

    private final class Output extends OutputStream {
        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            ByteBuffer buffer = ByteBuffer.wrap(bytes, offset, length);
            while (buffer.hasRemaining() && !peerStoppedReading) {
                if (send(buffer) == 0) {
                    int ready = await(SelectionKey.OP_READ | SelectionKey.OP_WRITE, 0);
                    peerStoppedReading = ready == SelectionKey.OP_READ;
                }
            }
        }

        private int send(ByteBuffer buffer) throws IOException {
            try {
                return channel.write(buffer);
            } catch (IOException broken) {
                if (!channel.isOpen()) {
                    throw broken;
                }
                peerStoppedReading = true;
                return buffer.remaining();
            }
        }

        @Override
        public void close() throws IOException {
            UnixSocket.this.close();
        }
    }
}
