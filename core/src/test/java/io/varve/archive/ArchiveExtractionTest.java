package io.varve.archive;

import io.varve.conformance.TreePicture;
import io.varve.conformance.WildTree;
import io.varve.linux.Directory;
import io.varve.linux.Kernel;
import io.varve.linux.RawName;
import io.varve.linux.Trees;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

/** A part of a snapshot comes back with all it is, among what is there, or not at all. */
class ArchiveExtractionTest {
    @TempDir
    Path temp;

    private Path tree;
    private Path to;

    @BeforeEach
    void makeTree() throws IOException {
        tree = Files.createDirectory(temp.resolve("tree"));
        to = temp.resolve("to");
        write(tree.resolve("etc/app/main.conf"), "main");
        write(tree.resolve("etc/app/more.conf"), "more");
        write(tree.resolve("etc/other"), "other");
        write(tree.resolve("top"), "top");
    }

    @AfterEach
    void removeTrees() throws IOException {
        Trees.remove(tree);
        Trees.remove(temp.resolve("to"));
    }

    private static void write(Path file, String text) throws IOException {
        Files.createDirectories(file.resolveSibling(""));
        Files.writeString(file, text);
    }

    private byte[] archive(String part) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        Exclusions exclusions = Exclusions.none().limitedTo(RawName.of(part));
        ArchiveExport.write(Archives.source(tree, List.of(Archives.record()), exclusions), bytes, Work.unwatched());
        return bytes.toByteArray();
    }

    private ArchiveResult extract(byte[] archive, String part, boolean overwrite) {
        return ArchiveExtraction.extract(new ByteArrayInputStream(archive), part, to, overwrite, Work.unwatched());
    }

    private ArchiveResult extract(String part, boolean overwrite) {
        return extract(archive(part), part, overwrite);
    }

    private StorageException refused(byte[] archive, String part, boolean overwrite) {
        StorageException failure =
                catchThrowableOfType(StorageException.class, () -> extract(archive, part, overwrite));
        assertThat(failure).isNotNull();
        return failure;
    }

    private static List<String> files(Path root) throws IOException {
        try (Stream<Path> paths = Files.walk(root)) {
            return paths.filter(path -> !path.equals(root))
                    .map(path -> root.relativize(path).toString())
                    .sorted()
                    .toList();
        }
    }

    @Test
    void anArchiveOfAPartHoldsThatPartAndTheDirectoriesAboveIt() throws IOException {
        extract(archive("etc/app"), "", false);

        assertThat(files(to)).containsExactly("etc", "etc/app", "etc/app/main.conf", "etc/app/more.conf");
    }

    @Test
    void aDirectoryAFileAndTheRootLandUnderTheirOwnNames() throws IOException {
        extract("etc/app", false);
        extract("etc/other", false);
        assertThat(files(to)).containsExactly("app", "app/main.conf", "app/more.conf", "other");

        to = temp.resolve("all");
        extract("", false);
        assertThat(files(to)).isEqualTo(files(tree));
    }

    @Test
    void aWildTreeComesBackInEveryDetail() throws IOException {
        WildTree.create(Files.createDirectory(tree.resolve("wild")), 7, WildTree.EVERY_KIND);
        TreePicture wild = TreePicture.withHoles(tree.resolve("wild"));

        ArchiveResult result = extract("wild", false);

        assertThat(result.warnings()).isEmpty();
        assertThat(TreePicture.withHoles(to.resolve("wild")).differencesFrom(wild))
                .isEmpty();
    }

    @Test
    void whatIsThereStaysUnlessItIsToBeReplaced() throws IOException {
        write(to.resolve("app/main.conf"), "mine");
        write(to.resolve("app/own"), "own");

        assertThat(refused(archive("etc/app"), "etc/app", false).code()).isEqualTo(ErrorCode.REQUEST_INVALID);
        assertThat(files(to)).containsExactly("app", "app/main.conf", "app/own");
        assertThat(to.resolve("app/main.conf")).hasContent("mine");

        Kernel.setPermissions(tree.resolve("etc/app"), 0750);
        extract("etc/app", true);
        assertThat(files(to)).containsExactly("app", "app/main.conf", "app/more.conf", "app/own");
        assertThat(to.resolve("app/main.conf")).hasContent("main");
        assertThat(Kernel.stat(to.resolve("app")).permissions()).isEqualTo(0750);
        assertThat(Kernel.stat(to.resolve("app")).modified())
                .isEqualTo(Kernel.stat(tree.resolve("etc/app")).modified());
    }

    @Test
    void aDirectoryIsNeverPutWhereAFileIsNorTheOtherWayRound() throws IOException {
        write(to.resolve("etc/app"), "a file");
        assertThat(refused(archive(""), "", true)).hasMessageContaining("not a directory");
        write(to.resolve("two/top/file"), "x");
        to = to.resolve("two");
        assertThat(refused(archive(""), "", true)).hasMessageContaining("is a directory");

        assertThat(files(to)).as("nothing was put").containsExactly("top", "top/file");
    }

    @Test
    void aSymlinkThatIsThereIsNeverFollowed() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createDirectory(to);
        Files.createSymbolicLink(to.resolve("etc"), outside);
        Files.createSymbolicLink(to.resolve("top"), outside.resolve("target"));

        assertThat(refused(archive("etc"), "etc", true)).hasMessageContaining("not a directory");
        extract("top", true);

        assertThat(files(outside)).isEmpty();
        assertThat(Files.isSymbolicLink(to.resolve("top"))).isFalse();
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 700, 3000})
    void aStreamThatBreaksOffLeavesNothing(int length) throws IOException {
        byte[] archive = Arrays.copyOf(archive("etc"), length);

        assertThat(refused(archive, "etc", true).code()).isEqualTo(ErrorCode.ARCHIVE_INVALID);

        assertThat(files(to)).isEmpty();
    }

    @Test
    void whatTheArchiveDoesNotHoldIsNotFound() throws IOException {
        assertThat(refused(archive("etc"), "top", false).code()).isEqualTo(ErrorCode.NOT_FOUND);
        assertThat(files(to)).isEmpty();
    }

    @Test
    void namesOfAnyBytesAndDirectoriesNobodyMayWriteCome() throws IOException {
        try (Directory directory = Directory.open(tree)) {
            directory.makeDirectory(RawName.ofLatin1("n\u00e9"), 0755);
        }
        Files.createDirectory(tree.resolve("closed"));
        write(tree.resolve("closed/in"), "in");
        Kernel.setPermissions(tree.resolve("closed"), 0555);

        extract("", false);

        assertThat(TreePicture.of(to.resolve("closed"))).isEqualTo(TreePicture.of(tree.resolve("closed")));
        try (Directory directory = Directory.open(to)) {
            assertThat(directory.names()).contains(RawName.ofLatin1("n\u00e9"));
        }
    }
}
