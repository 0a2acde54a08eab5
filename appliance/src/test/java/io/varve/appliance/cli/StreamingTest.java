package io.varve.appliance.cli;

import com.sun.management.ThreadMXBean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

import static org.assertj.core.api.Assertions.assertThat;

/** Bodies of any size pass through a real Unix socket both ways, in memory that does not grow with them. */
final class StreamingTest {
    private static final int MIB = 1024 * 1024;
    private static final long LARGE = 128L * MIB;
    private static final long MODEST = 16L * MIB;

    @TempDir
    Path directory;

    private TestAppliance appliance;
    private Varve varve;

    @BeforeEach
    void start() throws IOException {
        Path socket = directory.resolve("varve.sock");
        appliance = TestAppliance.onUnixSocket(socket);
        varve = Varve.at(socket);
        loadClasses();
    }

    /** What a first call allocates besides has nothing to do with bodies. */
    private void loadClasses() {
        appliance.answers(Reply.json("{\"items\":[]}"));
        assertThat(varve.call("store", "list").status()).isZero();
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
    }

    @Test
    void aLargeArchiveComesDownInConstantMemory() {
        appliance.answers(Reply.stream("application/x-tar", out -> {
            byte[] block = new byte[MIB];
            for (long sent = 0; sent < LARGE; sent += block.length) {
                out.write(block);
            }
        }));
        Counter counter = new Counter();

        long allocated = allocatedBy(() -> assertThat(
                        varve.call(new PrintStream(counter), new PrintStream(counter), "export", "app", "monday"))
                .isZero());

        assertThat(counter.bytes).isEqualTo(LARGE);
        assertThat(allocated).isLessThan(MODEST);
    }

    @Test
    void aLargeArchiveGoesUpInConstantMemory() {
        AtomicLong arrived = new AtomicLong();
        appliance.next((head, in, out) -> {
            Counter counter = new Counter();
            boolean whole = TestAppliance.readBody(head, in, counter);
            arrived.set(whole ? counter.bytes : -1);
            TestAppliance.writeReply(out, Reply.json(201, "{\"label\":\"monday\"}"));
            return true;
        });

        long allocated =
                allocatedBy(() -> assertThat(varve.reading(new Zeros(LARGE)).call("import", "app", "monday"))
                        .isEqualTo(new Outcome(0, "monday\n", "")));

        assertThat(arrived).hasValue(LARGE);
        assertThat(allocated).isLessThan(MODEST);
    }

    /** The client works in the caller's thread alone, so its allocations are all there are. */
    private static long allocatedBy(Runnable action) {
        ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
        long before = threads.getCurrentThreadAllocatedBytes();
        action.run();
        return threads.getCurrentThreadAllocatedBytes() - before;
    }

    private static final class Counter extends OutputStream {
        private long bytes;

        @Override
        public void write(int b) {
            bytes++;
        }

        @Override
        public void write(byte[] block, int offset, int length) {
            bytes += length;
        }
    }

    private static final class Zeros extends InputStream {
        private long left;

        Zeros(long length) {
            left = length;
        }

        @Override
        public int read() {
            return left-- > 0 ? 0 : -1;
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            if (left <= 0) {
                return -1;
            }
            int count = (int) Math.min(length, left);
            left -= count;
            return count;
        }
    }
}
