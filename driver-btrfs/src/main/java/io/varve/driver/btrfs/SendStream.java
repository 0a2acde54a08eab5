package io.varve.driver.btrfs;

import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.Pipe;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * A snapshot as the kernel's own send stream. The ioctl writes to a pipe for as long as it takes, in a thread of its
 * own; the calling thread copies from the pipe and looks at the work meanwhile.
 */
final class SendStream {
    private static final int CHUNK = 64 * 1024;
    private static final Duration LOOK = Duration.ofMillis(200);

    /** A cancelled ioctl ends at its next write to the closed pipe; one that only reads for long is not waited for. */
    private static final long PATIENCE_SECONDS = 10;

    private SendStream() {}

    /**
     * Writes the stream to {@code target}.
     *
     * @param snapshot a read-only subvolume, open; kept open until the kernel is done with it
     * @param parent the id of the read-only subvolume the stream builds on; 0 where it stands alone
     */
    static void write(Descriptor snapshot, long parent, OutputStream target, Work work) throws IOException {
        Pipe pipe = Kernel.pipe();
        CompletableFuture<Void> sending = send(snapshot, pipe.sink(), parent);
        try (Descriptor source = pipe.source()) {
            copy(source, target, work);
        } catch (IOException | RuntimeException failure) {
            settle(sending, failure);
            throw failure;
        }
        finish(sending);
    }

    private static CompletableFuture<Void> send(Descriptor snapshot, Descriptor sink, long parent) {
        CompletableFuture<Void> done = new CompletableFuture<>();
        Thread.ofPlatform().daemon().name("btrfs-send").start(() -> {
            try (sink) {
                BtrfsIoctls.send(snapshot, sink, parent);
                done.complete(null);
            } catch (IOException | RuntimeException failure) {
                done.completeExceptionally(failure);
            }
        });
        return done;
    }

    private static void copy(Descriptor source, OutputStream target, Work work) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocateDirect(CHUNK);
        byte[] chunk = new byte[CHUNK];
        long done = 0;
        while (true) {
            Work.checkpoint(work);
            if (source.awaitReadable(LOOK)) {
                int n = source.read(buffer.clear());
                if (n == 0) {
                    return;
                }
                buffer.flip().get(chunk, 0, n);
                target.write(chunk, 0, n);
                done += n;
                work.progress(done, 0, "bytes");
            }
        }
    }

    private static void finish(CompletableFuture<Void> sending) throws IOException {
        try {
            sending.join();
        } catch (CompletionException failure) {
            if (failure.getCause() instanceof IOException refused) {
                throw refused;
            }
            throw failure;
        }
    }

    /** The copying failed and the pipe is closed: waits, so that the snapshot is free again when the caller returns. */
    private static void settle(CompletableFuture<Void> sending, Exception failure) {
        try {
            sending.get(PATIENCE_SECONDS, TimeUnit.SECONDS);
        } catch (ExecutionException expected) {
            // The kernel says EPIPE: that is what closing the pipe was for.
        } catch (TimeoutException late) {
            failure.addSuppressed(late);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
