package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.FileChannel;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Random;

import static org.assertj.core.api.Assertions.assertThat;

/** An exported file is whole or not there. */
final class ExportTest {
    private static final String ARCHIVE = "/api/v1/stores/default/volumes/app/snapshots/monday/archive";

    @TempDir
    Path directory;

    private TestAppliance appliance;
    private Varve varve;
    private Path file;

    @BeforeEach
    void start() throws IOException {
        Path socket = directory.resolve("varve.sock");
        appliance = TestAppliance.onUnixSocket(socket);
        varve = Varve.at(socket);
        file = directory.resolve("app.tar");
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
    }

    @Test
    void theArchiveIsInTheFileAndNothingIsLeftBesideIt() throws IOException {
        byte[] archive = new byte[300_000];
        new Random(1).nextBytes(archive);
        appliance.answers(Reply.stream("application/x-tar", out -> out.write(archive)));

        assertThat(export()).isEqualTo(new Outcome(0, "", ""));

        assertThat(file).hasBinaryContent(archive);
        assertThat(partial()).doesNotExist();
        assertThat(appliance.requests()).containsExactly("GET " + ARCHIVE);
        assertThat(appliance.received().getFirst().header("Accept")).startsWith("application/x-tar,");
        assertThat(appliance.received().getFirst().header("Accept-Encoding")).isEmpty();
    }

    @Test
    void parentAndExclusionsGoAlong() {
        appliance.answers(tar("x"));

        varve.call(
                "export", "app", "monday", "--parent", "sunday", "--exclude", "cache/*", "-x", "a&b", "-o", "" + file);

        assertThat(appliance.requests())
                .containsExactly("GET " + ARCHIVE + "?parent=sunday&exclude=cache%2F%2A&exclude=a%26b");
    }

    @Test
    void anArchiveCutOffHalfWayLeavesTheOldFileAsItWas() throws IOException {
        Files.writeString(file, "old");
        appliance.next((head, in, out) -> {
            TestAppliance.writeHead(out, tar(""));
            new TestAppliance.ChunkedOutput(out).write(new byte[100_000]);
            return false;
        });

        Outcome outcome = export();

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("[CONNECTION_LOST]");
        assertThat(file).hasContent("old");
        assertThat(partial()).doesNotExist();
    }

    @Test
    void aRefusedExportMakesNoFile() {
        appliance.answers(Reply.problem(404, "{\"code\":\"SNAPSHOT_NOT_FOUND\",\"detail\":\"no snapshot monday\"}"));

        assertThat(export()).isEqualTo(new Outcome(1, "", "varve: no snapshot monday [SNAPSHOT_NOT_FOUND]\n"));

        assertThat(file).doesNotExist();
        assertThat(partial()).doesNotExist();
    }

    @Test
    void whatAnInterruptedExportLeftIsReplaced() throws IOException {
        Files.writeString(partial(), "left from an export that was killed, and longer than the new one");
        appliance.answers(tar("new"));

        assertThat(export().status()).isZero();

        assertThat(file).hasContent("new");
        assertThat(partial()).doesNotExist();
    }

    @Test
    void anExportUnderWayIsNotDisturbed() throws IOException {
        try (FileChannel other = FileChannel.open(partial(), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            assertThat(other.tryLock()).isNotNull();

            Outcome outcome = export();

            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.err()).contains("somebody else is writing it");
            assertThat(partial()).exists();
        }
        assertThat(appliance.requests()).isEmpty();
    }

    @Test
    void throughASymlinkTheFileItMeansIsReplaced() throws IOException {
        Path real = Files.writeString(directory.resolve("real.tar"), "old");
        Files.createSymbolicLink(file, real);
        appliance.answers(tar("new"));

        assertThat(export().status()).isZero();

        assertThat(Files.isSymbolicLink(file)).isTrue();
        assertThat(real).hasContent("new");
    }

    @Test
    void whatIsNoPlainFileIsNeverRenamedOver() throws IOException {
        try (ServerSocketChannel special = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
            special.bind(UnixDomainSocketAddress.of(file));

            Outcome outcome = export();

            assertThat(outcome.status()).isEqualTo(1);
            assertThat(outcome.err()).contains("is not a plain file", "Leave out -o");
            assertThat(Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)).isFalse();
        }
        assertThat(varve.call("export", "app", "monday", "-o", directory.toString())
                        .err())
                .contains("it is a directory");
        assertThat(appliance.requests()).isEmpty();
    }

    @Test
    void aDirectoryThatIsNotThereIsAFailureOfThisSide() {
        Outcome outcome = varve.call(
                "export", "app", "monday", "-o", directory.resolve("no/app.tar").toString());

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("no such file or directory [LOCAL]");
    }

    @Test
    void aPipeGetsTheBytesAlone() {
        byte[] archive = {0, 1, (byte) 0xff, '\n', (byte) 0xc3};
        appliance.answers(Reply.stream("application/x-tar", out -> out.write(archive)));
        ByteArrayOutputStream out = new ByteArrayOutputStream();

        int status = varve.call(
                new PrintStream(out), new PrintStream(new ByteArrayOutputStream()), "export", "app", "monday");

        assertThat(status).isZero();
        assertThat(out.toByteArray()).isEqualTo(archive);
    }

    @Test
    void aTerminalIsSparedTheArchive() {
        Outcome outcome = varve.onTerminal().call("export", "app", "monday");

        assertThat(outcome.status()).isEqualTo(2);
        assertThat(outcome.err()).contains("-o FILE");
        assertThat(appliance.requests()).isEmpty();
    }

    @Test
    void aTerminalSeesTheBytesGo() {
        appliance.answers(tar("12345"));

        Outcome outcome = varve.onTerminal().call("export", "app", "monday", "-o", file.toString());

        assertThat(outcome.err()).contains("export app monday  5 B").endsWith(file + " holds monday of app, 5 B\n");
        assertThat(outcome.out()).isEmpty();
    }

    @Test
    void exportThenImportHandsTheSameBytesOn() {
        appliance.answers(tar("the archive"), Reply.json(201, "{\"label\":\"monday\"}"));

        assertThat(export().status()).isZero();
        Outcome imported =
                varve.reading(new ByteArrayInputStream(new byte[0])).call("import", "b", "monday", "" + file);

        assertThat(imported.out()).isEqualTo("monday\n");
        assertThat(appliance.requests().getLast())
                .isEqualTo("POST /api/v1/stores/default/volumes/b/archives/monday the archive");
    }

    private Outcome export() {
        return varve.call("export", "app", "monday", "-o", file.toString());
    }

    private Path partial() {
        return directory.resolve("app.tar.partial");
    }

    private static Reply tar(String content) {
        return Reply.stream("application/x-tar", out -> out.write(content.getBytes(StandardCharsets.UTF_8)));
    }
}
