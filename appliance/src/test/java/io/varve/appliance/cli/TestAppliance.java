package io.varve.appliance.cli;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.Channels;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;

/**
 * An HTTP/1.1 server over a real Unix or TCP socket that answers what it is told to, in order, and keeps what it is
 * asked. Small enough to misbehave on demand.
 */
final class TestAppliance implements AutoCloseable {
    private final ServerSocketChannel server;
    private final List<Received> received = Collections.synchronizedList(new ArrayList<>());
    private final Queue<Exchange> exchanges = new ArrayDeque<>();

    /** Deals with one request after its head was read. */
    @FunctionalInterface
    interface Exchange {
        /** Returns whether the connection goes on. */
        boolean answer(Received head, InputStream in, OutputStream out) throws IOException;
    }

    private TestAppliance(SocketAddress address) throws IOException {
        boolean unix = address instanceof UnixDomainSocketAddress;
        server = ServerSocketChannel.open(unix ? StandardProtocolFamily.UNIX : StandardProtocolFamily.INET);
        server.bind(address);
        Thread.ofPlatform().daemon().start(this::accept);
    }

    static TestAppliance onUnixSocket(Path path) throws IOException {
        return new TestAppliance(UnixDomainSocketAddress.of(path));
    }

    static TestAppliance onTcp() throws IOException {
        return new TestAppliance(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int port() throws IOException {
        return ((InetSocketAddress) server.getLocalAddress()).getPort();
    }

    /** The next requests get these answers, in this order, each after its body was read. */
    void answers(Reply... replies) {
        for (Reply reply : replies) {
            next((head, in, out) -> {
                received.add(readBody(head, in));
                writeReply(out, reply);
                return true;
            });
        }
    }

    synchronized void next(Exchange exchange) {
        exchanges.add(exchange);
    }

    List<Received> received() {
        synchronized (received) {
            return List.copyOf(received);
        }
    }

    List<String> requests() {
        return received().stream().map(Received::line).toList();
    }

    void keep(Received request) {
        received.add(request);
    }

    @Override
    public void close() throws IOException {
        server.close();
    }

    private void accept() {
        while (server.isOpen()) {
            try {
                SocketChannel connection = server.accept();
                Thread.ofPlatform().daemon().start(() -> serve(connection));
            } catch (IOException closed) {
                return;
            }
        }
    }

    private void serve(SocketChannel connection) {
        try (connection) {
            InputStream in = new BufferedInputStream(Channels.newInputStream(connection));
            OutputStream out = new BufferedOutputStream(Channels.newOutputStream(connection));
            boolean goesOn = true;
            while (goesOn) {
                Received head = readHead(in);
                goesOn = !head.method().isEmpty() && exchange().answer(head, in, out);
                out.flush();
            }
        } catch (IOException clientGone) {
            // The test sees it from the other end.
        }
    }

    private synchronized Exchange exchange() {
        Exchange next = exchanges.poll();
        return next != null ? next : TestAppliance::unexpected;
    }

    private static boolean unexpected(Received head, InputStream in, OutputStream out) throws IOException {
        writeReply(out, Reply.problem(500, "{\"code\":\"IO_FAILED\",\"detail\":\"unexpected " + head.target() + "\"}"));
        return false;
    }

    private static Received readHead(InputStream in) throws IOException {
        String[] request = readLine(in).split(" ");
        Map<String, String> headers = new HashMap<>();
        for (String line = readLine(in); !line.isEmpty(); line = readLine(in)) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        return new Received(request[0], request.length > 1 ? request[1] : "", headers, "", true);
    }

    static Received readBody(Received head, InputStream in) throws IOException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        boolean whole = readBody(head, in, body);
        return new Received(head.method(), head.target(), head.headers(), body.toString(StandardCharsets.UTF_8), whole);
    }

    /** Copies the body; whether it came to its end. */
    static boolean readBody(Received head, InputStream in, OutputStream body) throws IOException {
        if (head.header("Transfer-Encoding").equals("chunked")) {
            return readChunks(in, body);
        }
        String length = head.header("Content-Length");
        return length.isEmpty() || copy(in, body, Long.parseLong(length));
    }

    private static boolean readChunks(InputStream in, OutputStream body) throws IOException {
        String size = readLine(in);
        while (!size.isEmpty() && !size.equals("0")) {
            if (!copy(in, body, Long.parseLong(size, 16))) {
                return false;
            }
            readLine(in);
            size = readLine(in);
        }
        readLine(in);
        return size.equals("0");
    }

    private static boolean copy(InputStream in, OutputStream out, long length) throws IOException {
        byte[] buffer = new byte[64 * 1024];
        for (long left = length; left > 0; ) {
            int count = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (count < 0) {
                return false;
            }
            out.write(buffer, 0, count);
            left -= count;
        }
        return true;
    }

    static void writeReply(OutputStream out, Reply reply) throws IOException {
        writeHead(out, reply);
        if (reply.status() != 204) {
            ChunkedOutput chunks = new ChunkedOutput(out);
            reply.body().writeTo(chunks);
            chunks.finish();
        }
        out.flush();
    }

    static void writeHead(OutputStream out, Reply reply) throws IOException {
        String type = reply.mediaType().isEmpty() ? "" : "Content-Type: " + reply.mediaType() + "\r\n";
        String encoding = reply.status() == 204 ? "" : "Transfer-Encoding: chunked\r\n";
        out.write(("HTTP/1.1 " + reply.status() + " Reason\r\n" + type + encoding + "\r\n")
                .getBytes(StandardCharsets.US_ASCII));
    }

    private static String readLine(InputStream in) throws IOException {
        StringBuilder line = new StringBuilder();
        for (int c = in.read(); c >= 0 && c != '\n'; c = in.read()) {
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** One chunk a write. */
    static final class ChunkedOutput extends OutputStream {
        private final OutputStream out;

        ChunkedOutput(OutputStream out) {
            this.out = out;
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (length > 0) {
                out.write((Integer.toHexString(length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
                out.write(bytes, offset, length);
                out.write("\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }

        @Override
        public void flush() throws IOException {
            out.flush();
        }

        void finish() throws IOException {
            out.write("0\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
        }
    }
}
