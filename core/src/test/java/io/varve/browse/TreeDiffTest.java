package io.varve.browse;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.linux.Trees;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TreeDiffTest {
    private static final Instant THEN = Instant.parse("2001-02-03T04:05:06.789Z");

    private static final RawName NEST = RawName.of("d");

    @TempDir
    Path temp;

    private Path before = Path.of("");
    private Path after = Path.of("");

    @BeforeEach
    void makeRoots() throws IOException {
        before = Files.createDirectory(temp.resolve("before"));
        after = Files.createDirectory(temp.resolve("after"));
    }

    @AfterEach
    void nothingStaysOpen() throws IOException {
        assertThat(OpenFiles.below(temp)).isEmpty();
    }

    private List<String> differences() {
        return differences(Accuracy.EXACT);
    }

    private List<String> differences(Accuracy accuracy) {
        List<String> all = new ArrayList<>();
        try (TreeDiff diff = TreeDiff.between(before, after, accuracy, Work.unwatched())) {
            diff.forEach(change -> all.add(text(change)));
        }
        return all;
    }

    private static String text(Change change) {
        return change.kind() + " " + change.path();
    }

    /** A file of the same text and times in both trees. */
    private void both(String name, String text) throws IOException {
        file(before, name, text, THEN);
        file(after, name, text, THEN);
    }

    private static void file(Path root, String name, String text, Instant modified) throws IOException {
        TreePath path = TreePath.of(name);
        Files.createDirectories(root.resolve(path.parent().toString()));
        Files.writeString(root.resolve(name), text);
        setModified(root, name, modified);
    }

    private static void setModified(Path root, String name, Instant time) throws IOException {
        TreePath path = TreePath.of(name);
        try (Directory top = Directory.open(root);
                Directory directory = top.openBeneath(path.parent().raw())) {
            directory.setModified(path.name(), time);
        }
    }

    @Test
    void equalTreesHaveNoDifferences() throws IOException {
        both("a", "text");
        both("directory/b", "text");
        Files.createSymbolicLink(before.resolve("directory/c"), Path.of("a"));
        Files.createSymbolicLink(after.resolve("directory/c"), Path.of("a"));
        sameTimes("directory/c");

        assertThat(differences()).isEmpty();
    }

    private void sameTimes(String name) throws IOException {
        setModified(before, name, THEN);
        setModified(after, name, THEN);
    }

    @Test
    void everyPathOfASubtreeThatOnlyOneTreeHasIsListed() throws IOException {
        file(before, "old/deep/file", "1", THEN);
        file(after, "new/deep/file", "1", THEN);
        file(after, "new/other", "1", THEN);

        assertThat(differences())
                .containsExactly(
                        "ADDED new",
                        "ADDED new/deep",
                        "ADDED new/deep/file",
                        "ADDED new/other",
                        "REMOVED old",
                        "REMOVED old/deep",
                        "REMOVED old/deep/file");
    }

    @Test
    void aFileWithOtherBytesIsModified() throws IOException {
        both("same", "12345");
        both("longer", "12345");
        both("other", "12345");
        file(after, "longer", "123456", THEN);
        file(after, "other", "12x45", THEN.plusNanos(1));

        assertThat(differences()).containsExactly("MODIFIED longer", "MODIFIED other");
    }

    @Test
    void aChangeThatHidesBehindAnOldModificationTimeIsFoundUnlessTimesAreTrusted() throws IOException {
        both("hidden", "12345");
        file(after, "hidden", "12x45", THEN);

        assertThat(differences(Accuracy.EXACT)).containsExactly("MODIFIED hidden");
        assertThat(differences(Accuracy.QUICK)).isEmpty();
    }

    @Test
    void aCopyIsReadOnlyWhereTheOriginalWasTouchedSince() throws IOException {
        both("hidden", "12345");
        file(after, "hidden", "12x45", THEN);
        Instant touched = Kernel.stat(after.resolve("hidden")).changed();

        assertThat(differences(Accuracy.copied(touched))).containsExactly("MODIFIED hidden");
        assertThat(differences(Accuracy.copied(touched.plusMillis(500))))
                .as("within the error of the kernel's clock")
                .containsExactly("MODIFIED hidden");
        assertThat(differences(Accuracy.copied(touched.plusSeconds(2)))).isEmpty();
    }

    private boolean same() {
        return TreeDiff.isSame(before, after, Accuracy.EXACT, Work.unwatched());
    }

    @Test
    void treesAreTheSameWhenNothingDiffersTheirRootsIncluded() throws IOException {
        both("file", "12345");
        assertThat(same()).isTrue();

        Kernel.setPermissions(after, 0700);
        assertThat(same()).as("with another mode of the root").isFalse();
        Kernel.setPermissions(after, Kernel.stat(before).permissions());
        assertThat(same()).isTrue();

        try (Directory root = Directory.open(after)) {
            root.setAttribute(RawName.of("."), "user.note", new byte[] {1});
            assertThat(same()).as("with an attribute of the root").isFalse();
            root.removeAttribute(RawName.of("."), "user.note");
        }
        assertThat(same()).isTrue();

        file(after, "file", "12x45", THEN);
        assertThat(same()).isFalse();
    }

    @Test
    void aTimeAloneIsMetadata() throws IOException {
        both("touched", "12345");
        file(after, "touched", "12345", THEN.plusNanos(1));

        assertThat(differences()).containsExactly("META touched");
    }

    @Test
    void modeAndAttributesAreMetadata() throws IOException {
        both("mode", "1");
        both("attribute", "1");
        both("value", "1");
        both("directory/same", "1");
        try (Directory old = Directory.open(before);
                Directory current = Directory.open(after)) {
            current.setPermissions(RawName.of("mode"), 0600);
            current.setPermissions(RawName.of("directory"), 0700);
            current.setAttribute(RawName.of("attribute"), "user.a", new byte[] {1});
            old.setAttribute(RawName.of("value"), "user.a", new byte[] {1});
            current.setAttribute(RawName.of("value"), "user.a", new byte[] {2});
        }

        assertThat(differences()).containsExactly("META attribute", "META directory", "META mode", "META value");
    }

    @Test
    void aDirectoryDoesNotDifferOnlyBecauseSomethingCameIntoIt() throws IOException {
        both("directory/same", "1");
        file(after, "directory/new", "1", THEN);

        assertThat(differences()).containsExactly("ADDED directory/new");
    }

    @Test
    void anotherKindOfThingIsAChangeOfTypeAndItsSubtreeComesOrGoes() throws IOException {
        file(before, "x/was", "1", THEN);
        file(after, "x", "1", THEN);
        file(before, "y", "1", THEN);
        file(after, "y/is", "1", THEN);
        file(before, "z", "1", THEN);
        Files.createSymbolicLink(after.resolve("z"), Path.of("x"));

        assertThat(differences()).containsExactly("TYPE x", "REMOVED x/was", "TYPE y", "ADDED y/is", "TYPE z");
    }

    @Test
    void symlinksAreComparedByTheirTextAndNeverFollowed() throws IOException {
        Files.createDirectory(temp.resolve("outside"));
        Files.createFile(temp.resolve("outside/file"));
        Files.createSymbolicLink(before.resolve("link"), Path.of("../outside"));
        Files.createSymbolicLink(after.resolve("link"), Path.of("../outsidE"));
        Files.createSymbolicLink(after.resolve("new"), Path.of("../outside"));

        assertThat(differences()).containsExactly("MODIFIED link", "ADDED new");
    }

    @Test
    void pipesAreComparedWithoutOpeningThem() throws IOException {
        for (Path root : List.of(before, after)) {
            try (Directory directory = Directory.open(root)) {
                directory.makeNode(RawName.of("fifo"), FileKind.FIFO, 0600, 0);
            }
        }
        sameTimes("fifo");

        assertThat(differences()).isEmpty();
    }

    @Test
    void largeAndSparseFilesAreComparedToTheLastByte() throws IOException {
        for (Path root : List.of(before, after)) {
            byte last = (byte) (root.equals(before) ? 1 : 2);
            sparse(root, "holes", last);
            Files.write(root.resolve("full"), full(last));
            sparse(root, "same", (byte) 3);
        }
        sameTimes("same");

        assertThat(differences()).containsExactly("MODIFIED full", "MODIFIED holes");
    }

    private static byte[] full(byte last) {
        byte[] content = new byte[1_000_001];
        content[1_000_000] = last;
        return content;
    }

    private static void sparse(Path root, String name, byte last) throws IOException {
        try (Directory directory = Directory.open(root);
                Descriptor file = directory.openFile(RawName.of(name), 0600, OpenFlag.WRITE, OpenFlag.NEW)) {
            file.write(ByteBuffer.allocateDirect(1).put(last).flip(), 1L << 40);
        }
    }

    @Test
    void twoNamesOfOneFileAreEqual() throws IOException {
        Files.writeString(before.resolve("file"), "text");
        Files.createLink(after.resolve("file"), before.resolve("file"));

        assertThat(differences()).isEmpty();
    }

    @Test
    void namesOfAnyBytesAreComparedInTheOrderOfTheirBytes() throws IOException {
        List<RawName> names = List.of(
                RawName.of("A"),
                RawName.of("a\nb"),
                RawName.of("\u00e4"),
                OpenFiles.bytes(0xe4),
                OpenFiles.bytes(0xff, 0xfe));
        try (Directory directory = Directory.open(after)) {
            for (RawName name : names) {
                directory.makeDirectory(name, 0755);
            }
        }
        List<RawName> found = new ArrayList<>();
        try (TreeDiff diff = TreeDiff.between(before, after, Work.unwatched())) {
            diff.forEach(change -> found.add(change.path()));
        }

        assertThat(found).containsExactly(names.stream().sorted().toArray(RawName[]::new));
    }

    @Test
    void aChangeTellsWhatWasAndWhatIs() throws IOException {
        file(before, "file", "1", THEN);
        file(after, "file", "333", THEN);
        file(after, "new", "22", THEN);
        try (TreeDiff diff = TreeDiff.between(before, after, Work.unwatched())) {
            Change modified = diff.next().orElseThrow();
            assertThat(modified.before().map(FileStat::size)).contains(1L);
            assertThat(modified.after().map(FileStat::size)).contains(3L);
            Change added = diff.next().orElseThrow();
            assertThat(added.before()).isEmpty();
            assertThat(added.after().map(FileStat::size)).contains(2L);
            assertThat(diff.next()).isEmpty();
            assertThat(diff.next()).isEmpty();
        }
    }

    @Test
    void theListCanBeContinuedBehindAnyOfItsPaths() throws IOException {
        both("a/same", "1");
        file(after, "a/new", "1", THEN);
        file(after, "a/newer/x/y", "1", THEN);
        file(after, "a-b", "1", THEN);
        file(before, "b/c/d", "1", THEN);
        file(after, "b", "1", THEN);
        file(before, "z", "1", THEN);
        List<String> all = differences();

        for (int i = 0; i < all.size(); i++) {
            String path = all.get(i).substring(all.get(i).indexOf(' ') + 1);
            assertThat(after(path)).as(path).isEqualTo(all.subList(i + 1, all.size()));
        }
        assertThat(after("a/newbie/gone")).isEqualTo(all.subList(1, all.size()));
        assertThat(after("zz")).isEmpty();
        assertThat(after("")).isEqualTo(all);
    }

    private List<String> after(String path) {
        List<String> rest = new ArrayList<>();
        try (TreeDiff diff = TreeDiff.between(before, after, Work.unwatched()).after(TreePath.of(path))) {
            diff.forEach(change -> rest.add(text(change)));
        }
        return rest;
    }

    @Test
    void whatIsMountedInOneTreeIsNotComparedAndNotEntered() throws IOException {
        // /dev/pts is a filesystem of its own wherever there are terminals; /dev/ptmx is the name before.
        file(before, "pts/file", "1", THEN);
        try (TreeDiff diff =
                TreeDiff.between(before, Path.of("/dev"), Work.unwatched()).after(TreePath.of("ptmx"))) {
            assertThat(diff.next().orElseThrow().path().toString()).doesNotStartWith("pts");
        }
    }

    @Test
    void aDiffThatIsLeftHalfwayLeavesNothingOpen() throws IOException {
        file(after, "a/b/c/d", "1", THEN);
        try (TreeDiff diff = TreeDiff.between(before, after, Work.unwatched())) {
            assertThat(diff.next()).isPresent();
            assertThat(OpenFiles.below(temp)).isNotEmpty();
        }
        assertThat(OpenFiles.below(temp)).isEmpty();
    }

    @Test
    void cancelledWorkEnds() {
        Work cancelled = new Work() {
            @Override
            public void progress(long done, long total, String unit) {}

            @Override
            public boolean cancelled() {
                return true;
            }
        };
        try (TreeDiff diff = TreeDiff.between(Path.of("/dev"), after, cancelled)) {
            assertThatThrownBy(diff::next)
                    .isInstanceOfSatisfying(StorageException.class, failure -> assertThat(failure.code())
                            .isEqualTo(ErrorCode.CANCELLED));
        }
    }

    @Test
    void aRootThatIsNotThereIsAFailureAndLeavesNothingOpen() throws IOException {
        assertThatThrownBy(() -> TreeDiff.between(before, temp.resolve("absent"), Work.unwatched()))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("absent");
    }

    @Test
    void aTreeDeeperThanAnyPathIsRefusedBeforeItUsesUpTheDescriptors() throws IOException {
        List<Directory> nest = nest(after, 2100);
        try {
            assertThatThrownBy(this::differences)
                    .isInstanceOf(StorageException.class)
                    .hasMessageContaining("deeper than the 2048 levels");
        } finally {
            remove(nest);
        }
    }

    private static List<Directory> nest(Path root, int levels) throws IOException {
        List<Directory> nest = new ArrayList<>(List.of(Directory.open(root)));
        for (int level = 0; level < levels; level++) {
            nest.getLast().makeDirectory(NEST, 0755);
            nest.add(nest.getLast().openDirectory(NEST));
        }
        return nest;
    }

    private static void remove(List<Directory> nest) throws IOException {
        nest.removeLast().close();
        for (Directory directory : nest.reversed()) {
            directory.removeDirectory(NEST);
            directory.close();
        }
    }

    @Test
    void aPathThatChangesUnderTheLookIsModifiedOrGoneAndNeverAFailure() throws IOException {
        both("a", "12345");
        both("b", "12345");
        file(after, "c/d", "1", THEN);
        try (TreeDiff diff = TreeDiff.between(before, after, Work.unwatched())) {
            Files.delete(after.resolve("b"));
            Trees.remove(after.resolve("c"));

            assertThat(Optional.of(diff.next().orElseThrow()).map(TreeDiffTest::text))
                    .contains("REMOVED b");
            assertThat(diff.next()).isEmpty();
        }
    }
}
