package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class TreesTest {
    private static final RawName LEVEL = RawName.of("d");

    @TempDir
    Path temp;

    @Test
    void aTreeOfEverythingIsRemovedAndItsSurroundingsStay() throws IOException {
        Path tree = Files.createDirectories(temp.resolve("tree"));
        Files.writeString(temp.resolve("neighbour"), "stays");
        Files.createDirectories(tree.resolve("a/b/c"));
        Files.createDirectories(tree.resolve("empty"));
        Files.writeString(tree.resolve("a/file"), "x");
        Files.writeString(tree.resolve("a/b/c/.hidden"), "x");
        try (Directory directory = Directory.open(tree)) {
            directory.makeNode(RawName.of("fifo"), FileKind.FIFO, 0600, 0);
            directory.makeDirectory(RawName.of(new byte[] {(byte) 0xff, '\n'}), 0700);
        }

        Trees.remove(tree);

        assertThat(temp).isDirectoryNotContaining("glob:**/tree");
        assertThat(temp.resolve("neighbour")).hasContent("stays");
    }

    @Test
    void anAbsentTreeIsASuccess() throws IOException {
        Trees.remove(temp.resolve("absent"));

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void aPlainFileIsATreeToo() throws IOException {
        Trees.remove(Files.createFile(temp.resolve("file")));

        assertThat(temp).isEmptyDirectory();
    }

    @Test
    void symlinksAreRemovedAndNeverFollowed() throws IOException {
        Path outside = Files.createDirectory(temp.resolve("outside"));
        Files.createFile(outside.resolve("precious"));
        Path tree = Files.createDirectory(temp.resolve("tree"));
        Files.createSymbolicLink(tree.resolve("link"), outside);
        Path top = Files.createSymbolicLink(temp.resolve("top"), outside);

        Trees.remove(tree);
        Trees.remove(top);

        assertThat(outside.resolve("precious")).exists();
        assertThat(temp).isDirectoryNotContaining("glob:**/{tree,top}");
    }

    @Test
    void aTreeFiveThousandDeepNeedsNeitherStackNorDescriptors() throws Exception {
        deepen(temp, 5000);
        int before = openDescriptors();
        AtomicReference<Throwable> failure = new AtomicReference<>();
        // A stack of 256 KiB: one frame a level would not fit.
        Thread removal = new Thread(null, () -> removeDeepTree(failure), "removal", 256 * 1024);
        removal.start();
        int most = 0;
        while (!removal.join(Duration.ofMillis(5))) {
            most = Math.max(most, openDescriptors());
        }

        assertThat(failure).hasNullValue();
        assertThat(temp.resolve(LEVEL.toString())).doesNotExist();
        assertThat(most - before).isLessThan(20);
    }

    private void removeDeepTree(AtomicReference<Throwable> failure) {
        try {
            Trees.remove(temp.resolve(LEVEL.toString()));
        } catch (IOException | StackOverflowError broken) {
            failure.set(broken);
        }
    }

    private static void deepen(Path top, int levels) throws IOException {
        Directory at = Directory.open(top);
        for (int i = 0; i < levels; i++) {
            at.makeDirectory(LEVEL, 0755);
            Directory below = at.openDirectory(LEVEL);
            at.close();
            at = below;
        }
        at.close();
    }

    private static int openDescriptors() {
        try (Stream<Path> all = Files.list(Path.of("/proc/self/fd"))) {
            return Math.toIntExact(all.count());
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    @Test
    void theRootDirectoryIsNobodysToRemove() {
        assertThatExceptionOfType(IllegalArgumentException.class).isThrownBy(() -> Trees.remove(Path.of("/")));
    }
}
