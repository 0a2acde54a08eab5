package io.varve.appliance.cli;

import io.varve.archive.ArchiveExport;
import io.varve.archive.ArchiveSource;
import io.varve.archive.Exclusions;
import io.varve.linux.RawName;
import io.varve.spi.DriverType;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Files come out of a snapshot through an archive of what is wanted alone, and never land where they should not. */
final class RestoreTest {
    private static final String ARCHIVE = "GET /api/v1/stores/default/volumes/app/snapshots/monday/archive?path=";

    @TempDir
    Path directory;

    private TestAppliance appliance;
    private Varve varve;
    private Path tree;
    private Path to;

    @BeforeEach
    void start() throws IOException {
        Path socket = directory.resolve("varve.sock");
        appliance = TestAppliance.onUnixSocket(socket);
        varve = Varve.at(socket);
        to = directory.resolve("restored");
        tree = Files.createDirectory(directory.resolve("tree"));
        Files.createDirectory(tree.resolve("etc"));
        Files.writeString(tree.resolve("etc/app.conf"), "content");
        Files.createLink(tree.resolve("etc/same.conf"), tree.resolve("etc/app.conf"));
    }

    @AfterEach
    void stop() throws IOException {
        appliance.close();
    }

    private byte[] archive(String part) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        ArchiveSource source = new ArchiveSource(
                VolumeName.of("app"),
                SnapshotLabel.of("monday"),
                DriverType.of("btrfs"),
                0,
                tree,
                Instant.EPOCH,
                List.of(),
                Exclusions.none().limitedTo(RawName.of(part)));
        ArchiveExport.write(source, out, Work.unwatched());
        return out.toByteArray();
    }

    private static Reply stream(byte[] archive) {
        return Reply.stream("application/x-tar", out -> out.write(archive));
    }

    private Outcome restore(String path, String... more) {
        List<String> words = Stream.concat(
                        Stream.of("restore", "app", "monday", path, "--to", to.toString()), Stream.of(more))
                .toList();
        return varve.call(words.toArray(String[]::new));
    }

    private static List<String> names(Path directory) throws IOException {
        try (Stream<Path> entries = Files.list(directory)) {
            return entries.map(entry -> entry.getFileName().toString()).sorted().toList();
        }
    }

    @Test
    void oneFileComesAloneUnderItsOwnName() throws IOException {
        appliance.answers(stream(archive("etc/app.conf")));

        assertThat(restore("/etc/./app.conf")).isEqualTo(new Outcome(0, "", ""));

        assertThat(names(to)).containsExactly("app.conf");
        assertThat(to.resolve("app.conf")).hasContent("content");
        assertThat(appliance.requests()).containsExactly(ARCHIVE + "etc%2Fapp.conf");
    }

    @Test
    void hardLinksStayLinks() throws IOException {
        appliance.answers(stream(archive("etc")));

        assertThat(restore("etc").status()).isZero();

        assertThat(Files.getAttribute(to.resolve("etc/app.conf"), "unix:ino"))
                .isEqualTo(Files.getAttribute(to.resolve("etc/same.conf"), "unix:ino"));
    }

    @Test
    void theRootIsItsContentAndAPersonHearsOfIt() throws IOException {
        appliance.answers(stream(archive("")));

        assertThat(varve.onTerminal()
                        .call("restore", "app", "monday", "/", "--to", to.toString())
                        .err())
                .contains("restored into " + to);

        assertThat(names(to)).containsExactly("etc");
        assertThat(appliance.requests()).containsExactly(ARCHIVE);
    }

    @Test
    void aFileThatIsThereIsLeftAloneUnlessSaidOtherwise() throws IOException {
        Files.createDirectory(to);
        Files.writeString(to.resolve("app.conf"), "mine");
        appliance.answers(stream(archive("etc/app.conf")), stream(archive("etc/app.conf")));

        Outcome refused = restore("etc/app.conf");
        assertThat(refused.status()).isEqualTo(1);
        assertThat(refused.err()).contains("'app.conf': it exists already [REQUEST_INVALID]", "--overwrite");
        assertThat(to.resolve("app.conf")).hasContent("mine");

        assertThat(restore("etc/app.conf", "--overwrite").status()).isZero();
        assertThat(to.resolve("app.conf")).hasContent("content");
        assertThat(names(to)).containsExactly("app.conf");
    }

    @Test
    void whatIsCutOffHalfWayIsNotThere() throws IOException {
        byte[] archive = archive("etc");
        appliance.next((head, in, out) -> {
            TestAppliance.writeHead(out, stream(archive));
            new TestAppliance.ChunkedOutput(out).write(archive, 0, archive.length - 1100);
            return false;
        });

        Outcome outcome = restore("etc");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).isNotBlank();
        assertThat(names(to)).isEmpty();
    }

    @Test
    void anAnswerThatIsNoArchiveIsRefused() throws IOException {
        appliance.answers(stream(new byte[2048]));

        Outcome outcome = restore("etc");

        assertThat(outcome.status()).isEqualTo(1);
        assertThat(outcome.err()).contains("[ARCHIVE_INVALID]").doesNotContain("--overwrite");
        assertThat(names(to)).isEmpty();
    }

    @Test
    void whatIsNotInTheSnapshotIsSaidSo() {
        appliance.answers(Reply.problem(404, "{\"code\":\"NOT_FOUND\",\"detail\":\"path 'no' is not in this tree\"}"));

        assertThat(restore("no").err()).contains("path 'no' is not in this tree [NOT_FOUND]");
        assertThat(to).doesNotExist();
    }
}
