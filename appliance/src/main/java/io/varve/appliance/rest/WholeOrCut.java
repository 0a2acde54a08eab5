package io.varve.appliance.rest;

import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import jakarta.ws.rs.core.StreamingOutput;

import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/**
 * An answer that is written while it is made, and whose ends know of each other, which the framework leaves to us.
 *
 * <p>Where making it fails after the first bytes went out, the connection is closed: otherwise the problem document
 * would follow them, the answer would end in good order, and a client would take what it has for the whole. Where the
 * client goes away, writing fails, and with it the work that nobody waits for.
 */
record WholeOrCut(StreamingOutput content, HttpServerRequest request) implements StreamingOutput {
    /** Bytes that may wait for a client before the one who makes them has to: reading the disk and sending overlap. */
    private static final int AHEAD = 2 << 20;

    @Override
    public void write(OutputStream out) throws IOException {
        request.response().setWriteQueueMaxSize(AHEAD);
        try {
            content.write(new Watched(out, request.response()));
        } catch (IOException | RuntimeException failure) {
            if (request.response().headWritten()) {
                cut();
            }
            throw failure;
        }
    }

    /** Waits: what the framework writes then could otherwise still get in, and end the answer in good order. */
    private void cut() {
        request.connection()
                .close()
                .toCompletionStage()
                .exceptionally(closedAlready -> null)
                .toCompletableFuture()
                .join();
    }

    /** The framework's stream drops what is written to a closed connection without a word. */
    private static final class Watched extends FilterOutputStream {
        private final HttpServerResponse response;

        Watched(OutputStream out, HttpServerResponse response) {
            super(out);
            this.response = response;
        }

        @Override
        public void write(byte[] bytes, int offset, int length) throws IOException {
            if (response.closed()) {
                throw new EOFException("the client went away");
            }
            out.write(bytes, offset, length);
        }

        @Override
        public void write(int b) throws IOException {
            write(new byte[] {(byte) b}, 0, 1);
        }
    }
}
