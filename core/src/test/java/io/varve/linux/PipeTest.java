package io.varve.linux;

import org.junit.jupiter.api.Test;

import java.io.FileOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.time.Duration;

import static org.assertj.core.api.Assertions.assertThat;

class PipeTest {
    private final ByteBuffer buffer = ByteBuffer.allocateDirect(16);

    @Test
    void whatIsWrittenToTheSinkIsReadFromTheSourceUntilItsEnd() throws IOException {
        try (Pipe pipe = Kernel.pipe()) {
            assertThat(pipe.source().awaitReadable(Duration.ofMillis(1))).isFalse();

            write(pipe.sink(), new byte[] {4, 2});
            assertThat(pipe.source().awaitReadable(Duration.ofSeconds(5))).isTrue();
            assertThat(pipe.source().read(buffer)).isEqualTo(2);
            assertThat(buffer.get(1)).isEqualTo((byte) 2);

            pipe.sink().close();
            assertThat(pipe.source().awaitReadable(Duration.ofSeconds(5))).isTrue();
            assertThat(pipe.source().read(buffer)).isZero();
        }
    }

    private static void write(Descriptor sink, byte[] content) throws IOException {
        try (OutputStream stream = new FileOutputStream("/proc/self/fd/" + sink.number())) {
            stream.write(content);
        }
    }
}
