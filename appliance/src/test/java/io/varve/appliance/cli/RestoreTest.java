package io.varve.appliance.cli;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Files come out of a snapshot as they are in it, and never land where they should not. */
final class RestoreTest {
    private static final String SNAPSHOT = "GET /api/v1/stores/default/volumes/app/snapshots/monday";

    @TempDir
    Path directory;

    private TestAppliance appliance;
    private Varve varve;
    private Path to;

    @BeforeEach
    void start() throws IOException {
        Path socket = directory.resolve("varve.sock");
        appliance = TestAppliance.onUnixSocket(socket);
        varve = Varve.at(socket);
        to = directory.resolve("restored");
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
    }

    @Test
    void oneFileComesWithItsModeAndTime() throws IOException {
        appliance.answers(Reply.json("""
                        {"items":[{"name":"other","kind":"DIRECTORY"},
                                  {"name":"app.conf","kind":"REGULAR","size":7,"mode":"0640","modified":"2026-01-02T03:04:05.123456789Z"}]}
                        """), content("content"));

        assertThat(restore("/etc/app.conf")).isEqualTo(new Outcome(0, "", ""));

        Path file = to.resolve("app.conf");
        assertThat(file).hasContent("content");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(file)))
                .isEqualTo("rw-r-----");
        assertThat(Files.getLastModifiedTime(file))
                .isEqualTo(FileTime.from(Instant.parse("2026-01-02T03:04:05.123456789Z")));
        assertThat(names(to)).containsExactly("app.conf");
        assertThat(appliance.requests())
                .containsExactly(SNAPSHOT + "/files?path=etc", SNAPSHOT + "/content?path=etc%2Fapp.conf");
    }

    @Test
    void aTreeComesWhole() throws IOException {
        appliance.answers(
                Reply.json(
                        "{\"items\":[{\"name\":\"d\",\"type\":\"directory\",\"mode\":\"0500\",\"modified\":\"2026-01-02T03:04:05Z\"}]}"),
                Reply.json("""
                        {"items":[{"name":"f","kind":"REGULAR","mode":384},{"name":"sub","kind":"DIRECTORY"},
                                  {"name":"link","kind":"SYMLINK","target":"../f"}]}
                        """),
                content("eff"),
                Reply.json("{\"items\":[]}"));

        assertThat(varve.onTerminal()
                        .call("restore", "app", "monday", "d", "--to", to.toString())
                        .err())
                .isEqualTo("2 files restored below " + to + "\n");

        assertThat(to.resolve("d/f")).hasContent("eff");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to.resolve("d/f"))))
                .isEqualTo("rw-------");
        assertThat(to.resolve("d/sub")).isEmptyDirectory();
        assertThat(Files.readSymbolicLink(to.resolve("d/link"))).hasToString("../f");
        assertThat(Files.getLastModifiedTime(to.resolve("d")))
                .isEqualTo(FileTime.from(Instant.parse("2026-01-02T03:04:05Z")));
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(to.resolve("d"))))
                .isEqualTo("r-x------");
        assertThat(appliance.requests())
                .containsExactly(
                        SNAPSHOT + "/files?path=",
                        SNAPSHOT + "/files?path=d",
                        SNAPSHOT + "/content?path=d%2Ff",
                        SNAPSHOT + "/files?path=d%2Fsub");
    }

    @Test
    void theRootIsItsContent() {
        appliance.answers(Reply.json("{\"items\":[{\"name\":\"f\",\"kind\":\"REGULAR\"}]}"), content("eff"));

        assertThat(restore("/").status()).isZero();

        assertThat(to.resolve("f")).hasContent("eff");
    }

    @Test
    void aFileThatIsThereIsLeftAloneUnlessSaidOtherwise() throws IOException {
        Files.createDirectory(to);
        Files.writeString(to.resolve("f"), "mine");
        Reply list = Reply.json("{\"items\":[{\"name\":\"f\",\"kind\":\"REGULAR\"}]}");
        appliance.answers(list, list, content("theirs"));

        Outcome refused = restore("f");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("it exists already");
        assertThat(to.resolve("f")).hasContent("mine");

        assertThat(varve.call("restore", "app", "monday", "f", "--to", to.toString(), "--overwrite")
                        .status())
                .isZero();
        assertThat(to.resolve("f")).hasContent("theirs");
    }

    @ParameterizedTest
    @ValueSource(strings = {"..", ".", "", "a/b", "/etc/passwd", "a\\u0000b"})
    void aNameThatLeadsElsewhereIsRefused(String name) throws IOException {
        appliance.answers(
                Reply.json("{\"items\":[{\"name\":\"d\",\"kind\":\"DIRECTORY\"}]}"),
                Reply.json("{\"items\":[{\"name\":\"" + name + "\",\"kind\":\"REGULAR\"}]}"),
                content("evil"));

        Outcome outcome = restore("d");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("refused");
        assertThat(names(to.resolve("d"))).isEmpty();
    }

    @Test
    void aSymlinkInTheWayIsNotFollowed() throws IOException {
        Path outside = Files.createDirectory(directory.resolve("outside"));
        Files.createDirectory(to);
        Files.createSymbolicLink(to.resolve("d"), outside);
        appliance.answers(
                Reply.json("{\"items\":[{\"name\":\"d\",\"kind\":\"DIRECTORY\"}]}"),
                Reply.json("{\"items\":[{\"name\":\"f\",\"kind\":\"REGULAR\"}]}"),
                content("evil"));

        assertThat(varve.call("restore", "app", "monday", "d", "--to", to.toString(), "--overwrite")
                        .status())
                .isEqualTo(1);

        assertThat(names(outside)).isEmpty();
    }

    @Test
    void aFileCutOffHalfWayIsNotThere() throws IOException {
        appliance.answers(Reply.json("{\"items\":[{\"name\":\"f\",\"kind\":\"REGULAR\"}]}"));
        appliance.next((head, in, out) -> {
            TestAppliance.writeHead(out, content(""));
            new TestAppliance.ChunkedOutput(out).write(new byte[1000]);
            return false;
        });

        assertThat(restore("f").status()).isEqualTo(1);

        assertThat(names(to)).isEmpty();
    }

    @Test
    void whatHasNoContentIsNamedAndTheRestRestored() {
        appliance.answers(
                Reply.json("{\"items\":[{\"name\":\"fifo\",\"kind\":\"FIFO\"},{\"name\":\"f\",\"kind\":\"REGULAR\"}]}"),
                content("eff"));

        Outcome outcome = restore("/");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("not restored: fifo");
        assertThat(to.resolve("f")).hasContent("eff");
    }

    @Test
    void whatIsNotInTheSnapshotIsSaidSo() {
        appliance.answers(Reply.json("{\"items\":[]}"));

        assertThat(restore("no/such").err()).contains("there is no no/such in this snapshot");
    }

    @Test
    void setUserIdIsGivenOnlyWithTheOwner() throws IOException {
        appliance.answers(
                Reply.json("{\"items\":[{\"name\":\"f\",\"kind\":\"REGULAR\",\"mode\":\"4755\"}]}"), content("eff"));

        assertThat(restore("f").status()).isZero();

        int mode = (int) Files.getAttribute(to.resolve("f"), "unix:mode", LinkOption.NOFOLLOW_LINKS);
        assertThat(mode & 07777).isEqualTo(0755);
    }

    private Outcome restore(String path) {
        return varve.call("restore", "app", "monday", path, "--to", to.toString());
    }

    private static Reply content(String text) {
        return Reply.stream("application/octet-stream", out -> out.write(text.getBytes(StandardCharsets.UTF_8)));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }
}
