package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;

import static org.assertj.core.api.Assertions.assertThat;

class WatchedDirectoryTest {
    @TempDir
    Path temp;

    @Test
    void onlySubDirectoriesThatAreNotHiddenAreListed() throws IOException {
        Files.createDirectory(temp.resolve("one"));
        Files.createDirectory(temp.resolve(".hidden"));
        Files.createFile(temp.resolve("file"));
        Files.createSymbolicLink(temp.resolve("link"), temp.resolve("one"));

        assertThat(new WatchedDirectory(temp).names()).containsExactly("one");
        assertThat(new WatchedDirectory(temp.resolve("absent")).names()).isEmpty();
    }

    @Test
    void entriesAreLookedAtAgainOnlyAfterAChange() throws IOException {
        Files.createDirectory(temp.resolve("one"));
        AtomicInteger looks = new AtomicInteger();
        WatchedDirectory watched = new WatchedDirectory(temp, stat -> looks.incrementAndGet() > 0);

        Set<String> first = watched.names();
        assertThat(watched.names()).isSameAs(first);
        assertThat(looks).hasValue(1);

        Files.createDirectory(temp.resolve("two"));
        watched.forget();
        assertThat(watched.names()).containsExactlyInAnyOrder("one", "two");
    }

    @Test
    void anEntryThatVanishesWhileListingHidesNoOther() throws IOException {
        Files.createDirectory(temp.resolve("first"));
        Files.createDirectory(temp.resolve("second"));
        WatchedDirectory watched = new WatchedDirectory(temp, stat -> {
            deleteBoth();
            return true;
        });

        assertThat(watched.names()).hasSize(1);
    }

    private void deleteBoth() {
        assertThat(temp.resolve("first").toFile().delete()).isTrue();
        assertThat(temp.resolve("second").toFile().delete()).isTrue();
    }
}
