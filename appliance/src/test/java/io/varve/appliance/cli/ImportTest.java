package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** An archive goes up as a stream; a refusal is heard however early it comes, and half an archive never looks whole. */
@Timeout(30)
final class ImportTest {
    private static final String NO_SPACE = "{\"code\":\"NO_SPACE\",\"detail\":\"the pool is full\"}";
    private static final Outcome REFUSED = new Outcome(1, "", "varve: the pool is full [NO_SPACE]\n");

    @TempDir
    Path directory;

    private TestAppliance appliance;
    private Varve varve;

    @BeforeEach
    void start() throws IOException {
        Path socket = directory.resolve("varve.sock");
        appliance = TestAppliance.onUnixSocket(socket);
        varve = Varve.at(socket);
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
    }

    @Test
    void aFileGoesUpWithItsLength() throws IOException {
        Path file = Files.writeString(directory.resolve("app.tar"), "archive");
        appliance.answers(Reply.json(201, "{\"label\":\"monday\"}"));

        assertThat(varve.call("import", "fast/app", "monday", file.toString()))
                .isEqualTo(new Outcome(0, "monday\n", ""));

        Received request = appliance.received().getFirst();
        assertThat(request.line()).isEqualTo("POST /api/v1/stores/fast/volumes/app/archives/monday archive");
        assertThat(request.header("Content-Length")).isEqualTo("7");
        assertThat(request.header("Content-Type")).isEqualTo("application/x-tar");
    }

    @Test
    void standardInputGoesUpAsItComes() {
        appliance.answers(Reply.json(201, "{\"label\":\"monday\"}"), Reply.json(201, "{\"label\":\"monday\"}"));

        assertThat(varve.reading("archive").call("import", "app", "monday").status())
                .isZero();
        assertThat(varve.reading("archive").call("import", "app", "monday", "-").status())
                .isZero();

        assertThat(appliance.received()).allSatisfy(request -> {
            assertThat(request.body()).isEqualTo("archive");
            assertThat(request.header("Transfer-Encoding")).isEqualTo("chunked");
        });
    }

    @Test
    void verifyShowsTheManifestAndFailsForAnUnsoundArchive() {
        appliance.answers(
                Reply.json("{\"volume\":\"app\",\"findings\":[]}"),
                Reply.json("{\"valid\":false,\"findings\":[{\"member\":\"a\",\"finding\":\"checksum\"}]}"));

        assertThat(varve.reading("x").call("verify", "-").out()).isEqualTo("volume: app\nfindings: -\n");
        Outcome unsound = varve.reading("x").call("verify", "-");

        assertThat(unsound.status()).isEqualTo(1);
        assertThat(unsound.out()).contains("a\tchecksum");
        assertThat(unsound.err()).contains("[ARCHIVE_INVALID]");
        assertThat(appliance.requests()).containsOnly("POST /api/v1/archives/verify x");
    }

    @Test
    void aRefusalWhileTheArchiveIsStillComingIsHeardWhenTheApplianceHangsUp() {
        appliance.next((head, in, out) -> {
            in.readNBytes(1000);
            TestAppliance.writeReply(out, Reply.problem(507, NO_SPACE));
            return false;
        });

        assertThat(varve.reading(new Huge()).call("import", "app", "monday")).isEqualTo(REFUSED);
    }

    @Test
    void aRefusalIsHeardFromAnApplianceThatNeitherReadsOnNorHangsUp() {
        CompletableFuture<Void> over = new CompletableFuture<>();
        Huge huge = new Huge();
        appliance.next((head, in, out) -> {
            huge.awaitStandstill();
            TestAppliance.writeReply(out, Reply.problem(507, NO_SPACE));
            over.orTimeout(20, TimeUnit.SECONDS).join();
            return false;
        });

        assertThat(varve.reading(huge).call("import", "app", "monday")).isEqualTo(REFUSED);
        assertThat(over).as("the appliance still keeps the connection").isNotDone();
        over.complete(null);
        huge.assertNotReadToItsEnd();
    }

    @Test
    void aRefusalIsHeardFromAnApplianceThatReadsOn() {
        Huge huge = new Huge();
        appliance.next((head, in, out) -> {
            TestAppliance.writeReply(out, Reply.problem(507, NO_SPACE));
            in.transferTo(OutputStream.nullOutputStream());
            return false;
        });

        assertThat(varve.reading(huge).call("import", "app", "monday")).isEqualTo(REFUSED);
        huge.assertNotReadToItsEnd();
    }

    @Test
    void anApplianceThatDiesIsNotMistakenForAnAnswer() {
        appliance.next((head, in, out) -> {
            in.readNBytes(1000);
            return false;
        });

        Outcome outcome = varve.reading(new Huge()).call("import", "app", "monday");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("[CONNECTION_LOST]");
    }

    @Test
    void anArchiveThatCannotBeReadToItsEndNeverLooksWhole() {
        CompletableFuture<Received> seen = new CompletableFuture<>();
        appliance.next((head, in, out) -> {
            seen.complete(TestAppliance.readBody(head, in));
            return false;
        });
        Outcome outcome = varve.reading(new Broken()).call("import", "app", "monday");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("disk on fire");
        Received received = seen.orTimeout(20, TimeUnit.SECONDS).join();
        assertThat(received.whole()).isFalse();
    }

    @Test
    void aFileThatIsMissingOrADirectoryIsSaidSo() {
        assertThat(varve.call("import", "app", "monday", "/no/such.tar").err())
                .isEqualTo("varve: cannot read /no/such.tar: no such file or directory [LOCAL]\n");
        assertThat(varve.call("import", "app", "monday", directory.toString()).err())
                .contains("it is a directory");
        assertThat(appliance.requests()).isEmpty();
    }

    @Test
    void nobodyTypesAnArchive() {
        Outcome outcome = varve.onTerminal().call("import", "app", "monday");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("name a FILE, or pipe one in");
    }

    /** An archive so large that nobody would wait for its end; counts what it was asked for. */
    private static final class Huge extends InputStream {
        private static final long LENGTH = 1L << 30;
        private static final int MORE_THAN_A_SOCKET_HOLDS = 512 * 1024;

        private final CountDownLatch flowing = new CountDownLatch(1);
        private volatile long given;

        @Override
        public int read() {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] bytes, int offset, int length) {
            int count = (int) Math.min(length, LENGTH - given);
            long total = given + count;
            given = total;
            if (total >= MORE_THAN_A_SOCKET_HOLDS / 2) {
                flowing.countDown();
            }
            return count == 0 ? -1 : count;
        }

        /** Waits until the client has sent about what a socket holds, and a little, so that it stands there. */
        void awaitStandstill() {
            try {
                assertThat(flowing.await(20, TimeUnit.SECONDS)).isTrue();
                Thread.sleep(50);
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
            }
        }

        void assertNotReadToItsEnd() {
            assertThat(given).isLessThan(LENGTH);
        }
    }

    /** Gives some, then fails. */
    private static final class Broken extends InputStream {
        private int left = 100_000;

        @Override
        public int read() throws IOException {
            byte[] one = new byte[1];
            return read(one, 0, 1) < 0 ? -1 : one[0];
        }

        @Override
        public int read(byte[] bytes, int offset, int length) throws IOException {
            if (left == 0) {
                throw new IOException("disk on fire");
            }
            int count = Math.min(length, left);
            left -= count;
            return count;
        }
    }
}
