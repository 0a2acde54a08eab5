package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class TrashTest {
    @TempDir
    Path temp;

    private Path tree(String name) throws IOException {
        Path tree = Files.createDirectories(temp.resolve(name).resolve("a/b"));
        Files.writeString(tree.resolve("file"), "content");
        return temp.resolve(name);
    }

    @Test
    void aDiscardedTreeIsGoneAtOnceAndRemovedWhenTheTrashIsClosed() throws IOException {
        Path directory = temp.resolve("trash");
        try (Trash trash = Trash.open(directory)) {
            Path tree = tree("tree");
            trash.discard(tree);
            assertThat(tree).doesNotExist();
            trash.discard(tree);
            trash.discard(temp.resolve("never/was"));
        }

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void whatAnEarlierProcessLeftIsRemovedAfterOpening() throws IOException {
        Path directory = Files.createDirectory(temp.resolve("trash"));
        Files.move(tree("tree"), directory.resolve("left"));

        Trash.open(directory).close();

        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void closingStopsALongRemovalAndTheNextOpenGoesOn() throws IOException {
        Path directory = temp.resolve("trash");
        Path tree = temp.resolve("tree");
        for (int i = 0; i < 1000; i++) {
            Files.createDirectories(tree.resolve("d" + i));
        }
        Trash hasty = Trash.open(directory, Duration.ZERO);
        hasty.discard(tree);
        hasty.close();
        hasty.close();
        assertThat(tree).doesNotExist();
        assertThat(hasty.failures()).isEmpty();

        Trash.open(directory, Duration.ofMinutes(5)).close();
        assertThat(directory).isEmptyDirectory();
    }

    @Test
    void aStoppedRemovalLeavesTheRestForLater() throws IOException {
        Path tree = tree("tree");
        AtomicInteger asked = new AtomicInteger();

        assertThatThrownBy(() -> Trees.remove(tree, () -> asked.incrementAndGet() > 2))
                .isInstanceOf(InterruptedIOException.class);
        assertThat(tree.resolve("a/b/file")).exists();

        Trees.remove(tree);
        assertThat(tree).doesNotExist();
    }

    @Test
    void aDirectoryThatWasRemovedWhileItIsOpenHasNoNames() throws IOException {
        Path gone = Files.createDirectory(temp.resolve("gone"));
        try (Directory directory = Directory.open(gone)) {
            Files.delete(gone);
            assertThat(directory.names()).isEmpty();
            assertThat(directory.find(RawName.of("x"))).isEmpty();
        }
    }
}
