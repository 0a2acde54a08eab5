package io.varve.linux;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Changes made by others, which nobody tells the watcher of. */
class WatchedChangesTest {
    @TempDir
    Path temp;

    private Path directory;
    private WatchedDirectory watched;

    @BeforeEach
    void watch() throws Exception {
        directory = Files.createDirectory(temp.resolve("watched"));
        watched = new WatchedDirectory(directory);
        Files.createDirectory(directory.resolve("one"));
        assertThat(watched.names()).containsExactly("one");
        nextTick();
    }

    /** Before Linux 6.13 two changes within one tick of the kernel's clock (10 ms at most) bear the same time. */
    private static void nextTick() throws InterruptedException {
        TimeUnit.MILLISECONDS.sleep(20);
    }

    @Test
    void aNewDirectoryIsSeen() throws IOException {
        Files.createDirectory(directory.resolve("two"));

        assertThat(watched.names()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void aRemovedOneIsGone() throws IOException {
        Files.delete(directory.resolve("one"));

        assertThat(watched.names()).isEmpty();
    }

    @Test
    void aRenamedOneHasItsNewName() throws IOException {
        Files.move(directory.resolve("one"), directory.resolve("uno"));

        assertThat(watched.names()).containsExactly("uno");
    }

    @Test
    void aDirectoryThatTookTheWatchedPlaceIsReadAfresh() throws IOException {
        Path other = Files.createDirectory(temp.resolve("other"));
        Files.createDirectory(other.resolve("foreign"));

        Kernel.exchange(directory, other);

        assertThat(watched.names()).containsExactly("foreign");
    }

    @Test
    void aWatchedPlaceThatIsRemovedAndMadeAgainIsEmptyInBetween() throws IOException {
        Trees.remove(directory);
        assertThat(watched.names()).isEmpty();

        Files.createDirectories(directory.resolve("again"));
        assertThat(watched.names()).containsExactly("again");
    }
}
