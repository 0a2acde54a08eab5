package io.varve.browse;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SnapshotTreeTest {
    private static final RawName NOT_UTF8 = OpenFiles.bytes('c', 'a', 'f', 0xe9, '\n', 0x80);

    @TempDir
    Path temp;

    private Path root = Path.of("");
    private SnapshotTree tree = SnapshotTree.open(Path.of("/"));

    @BeforeEach
    void open() throws IOException {
        tree.close();
        root = Files.createDirectory(temp.resolve("root"));
        tree = SnapshotTree.open(root);
    }

    @AfterEach
    void nothingStaysOpen() throws IOException {
        tree.close();
        assertThat(OpenFiles.below(temp)).isEmpty();
    }

    private List<Entry> list(String path) {
        try (Listing listing = tree.list(TreePath.of(path))) {
            return listing.entries();
        }
    }

    private byte[] read(TreePath path, long from, long length) throws IOException {
        try (RegularFile file = tree.open(path)) {
            ByteArrayOutputStream out = new ByteArrayOutputStream();
            file.copyTo(out, from, length);
            return out.toByteArray();
        }
    }

    private byte[] read(String path) throws IOException {
        try (RegularFile file = tree.open(TreePath.of(path))) {
            return read(TreePath.of(path), 0, file.size());
        }
    }

    private static void assertRefused(ThrowingCallable call, ErrorCode code) {
        assertThatThrownBy(call).isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.code())
                .as(refused.getMessage())
                .isEqualTo(code));
    }

    @Test
    void aDirectoryIsListedInTheOrderOfBytesWithWhatEachNameIs() throws IOException {
        Files.createDirectory(root.resolve("b"));
        Files.createFile(root.resolve("B"));
        Files.createSymbolicLink(root.resolve("a"), Path.of("/no/where"));
        try (Directory directory = Directory.open(root)) {
            directory.setPermissions(RawName.of("B"), 04711);
            directory.setModified(RawName.of("B"), Instant.parse("2001-02-03T04:05:06.789012345Z"));
        }

        List<Entry> entries = list("");

        assertThat(entries).extracting(entry -> entry.name().toString()).containsExactly("B", "a", "b");
        assertThat(entries)
                .extracting(entry -> entry.stat().kind())
                .containsExactly(FileKind.REGULAR, FileKind.SYMLINK, FileKind.DIRECTORY);
        assertThat(entries)
                .extracting(Entry::target)
                .containsExactly(Optional.empty(), Optional.of(RawName.of("/no/where")), Optional.empty());
        assertThat(entries.getFirst().stat().permissions()).isEqualTo(04711);
        assertThat(entries.getFirst().stat().modified()).isEqualTo("2001-02-03T04:05:06.789012345Z");
    }

    @Test
    void namesOfAnyBytesAreListedAndRead() throws IOException {
        try (Directory directory = Directory.open(root)) {
            directory.makeDirectory(NOT_UTF8, 0755);
            try (Directory inner = directory.openDirectory(NOT_UTF8);
                    Descriptor file = inner.openFile(NOT_UTF8, 0644, OpenFlag.WRITE, OpenFlag.NEW)) {
                file.write(
                        ByteBuffer.allocateDirect(3).put(new byte[] {7, 8, 9}).flip(), 0);
            }
        }
        RawName path = NOT_UTF8.resolve(NOT_UTF8);

        assertThat(list("")).extracting(Entry::name).containsExactly(NOT_UTF8);
        assertThat(tree.stat(TreePath.of(path.bytes())).size()).isEqualTo(3);
        assertThat(read(TreePath.of(path.bytes()), 1, 2)).containsExactly(8, 9);
    }

    @Test
    void anyPartOfAFileCanBeRead() throws IOException {
        byte[] content = new byte[200_000];
        for (int i = 0; i < content.length; i++) {
            content[i] = (byte) (i * 31 / 7);
        }
        Files.write(root.resolve("file"), content);

        assertThat(read("file")).isEqualTo(content);
        assertThat(read(TreePath.of("file"), 65_535, 2)).containsExactly(content[65_535], content[65_536]);
        assertThat(read(TreePath.of("file"), 199_999, 1)).containsExactly(content[199_999]);
        assertThat(read(TreePath.of("file"), 200_000, 0)).isEmpty();
    }

    @Test
    void aFileThatBecameShorterIsAFailureAndNotAShortAnswer() throws IOException {
        Files.write(root.resolve("file"), new byte[10]);

        assertThatThrownBy(() -> read(TreePath.of("file"), 5, 6)).hasMessageContaining("ends at 10 bytes");
    }

    @Test
    void theRootItselfAndWhatASymlinkIsCanBeAskedFor() throws IOException {
        Files.createSymbolicLink(root.resolve("link"), Path.of("/etc/passwd"));

        assertThat(tree.stat(TreePath.ROOT).kind()).isEqualTo(FileKind.DIRECTORY);
        assertThat(tree.stat(TreePath.of("link")).kind()).isEqualTo(FileKind.SYMLINK);
        assertThat(list("/")).hasSize(1);
    }

    @Test
    void noSymlinkIsFollowedWhereverItPoints() throws IOException {
        Files.createDirectory(root.resolve("inside"));
        Files.createFile(root.resolve("inside/file"));
        Files.createFile(temp.resolve("secret"));
        Files.createSymbolicLink(root.resolve("out"), Path.of(".."));
        Files.createSymbolicLink(root.resolve("absolute"), temp);
        Files.createSymbolicLink(root.resolve("in"), Path.of("inside"));
        Files.createSymbolicLink(root.resolve("file"), Path.of("inside/file"));

        for (String path : List.of("out", "absolute", "in", "out/secret", "absolute/secret", "in/file")) {
            assertRefused(() -> list(path), ErrorCode.REQUEST_INVALID);
            assertRefused(() -> read(path), ErrorCode.REQUEST_INVALID);
        }
        assertRefused(() -> read("file"), ErrorCode.REQUEST_INVALID);
    }

    @Test
    void whatIsNotThereIsNotFound() throws IOException {
        Files.createFile(root.resolve("file"));

        assertRefused(() -> list("absent"), ErrorCode.NOT_FOUND);
        assertRefused(() -> read("absent"), ErrorCode.NOT_FOUND);
        assertRefused(() -> read("absent/file"), ErrorCode.NOT_FOUND);
        assertRefused(() -> read("n".repeat(300)), ErrorCode.NOT_FOUND);
        assertRefused(() -> list("n/".repeat(3000)), ErrorCode.NOT_FOUND);
    }

    @Test
    void aFileIsNoDirectory() throws IOException {
        Files.createFile(root.resolve("file"));

        assertRefused(() -> list("file"), ErrorCode.NOT_A_DIRECTORY);
        assertRefused(() -> read("file/below"), ErrorCode.NOT_A_DIRECTORY);
    }

    @ParameterizedTest
    @EnumSource(
            value = FileKind.class,
            names = {"FIFO", "SOCKET"})
    void whatIsNoRegularFileIsNeverOpened(FileKind kind) throws IOException {
        try (Directory directory = Directory.open(root)) {
            directory.makeNode(RawName.of("node"), kind, 0600, 0);
        }

        assertRefused(() -> read("node"), ErrorCode.REQUEST_INVALID);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "directory"})
    void aDirectoryHasNoContent(String path) throws IOException {
        Files.createDirectory(root.resolve("directory"));

        assertRefused(() -> read(path), ErrorCode.REQUEST_INVALID);
    }

    @Test
    void anotherFilesystemBelowTheRootIsNotPartOfTheTree() {
        try (SnapshotTree whole = SnapshotTree.open(Path.of("/"))) {
            assertRefused(() -> whole.list(TreePath.of("proc")), ErrorCode.NOT_FOUND);
            assertRefused(() -> whole.open(TreePath.of("proc/version")), ErrorCode.NOT_FOUND);
        }
    }

    @Test
    void aRootThatIsASymlinkIsRefused() throws IOException {
        Path link = Files.createSymbolicLink(temp.resolve("link"), root);

        assertThatThrownBy(() -> SnapshotTree.open(link)).isInstanceOf(StorageException.class);
    }
}
