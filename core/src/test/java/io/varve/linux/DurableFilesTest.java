package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

@Timeout(60)
class DurableFilesTest {
    private static final int SIZE = 200_000;

    @TempDir
    Path temp;

    @Test
    void aReaderSeesTheOldOrTheNewContentAndNothingBetween() throws Exception {
        Path file = temp.resolve("file");
        DurableFiles.replace(file, content('a'));
        Set<String> seen = new ConcurrentSkipListSet<>();
        try (ExecutorService reader = Executors.newSingleThreadExecutor()) {
            var reading = reader.submit(() -> {
                while (!seen.contains("z")) {
                    seen.add(oneKindOfByte(Files.readAllBytes(file)));
                }
                return seen.size();
            });
            for (char c = 'b'; c <= 'z'; c++) {
                DurableFiles.replace(file, content(c));
            }
            assertThat(reading.get()).isPositive();
        }
        assertThat(seen).allMatch(letter -> letter.length() == 1);
        assertThat(temp).isDirectoryNotContaining("glob:**" + DurableFiles.TEMPORARY_SUFFIX);
    }

    private static byte[] content(char letter) {
        byte[] content = new byte[SIZE];
        Arrays.fill(content, (byte) letter);
        return content;
    }

    private static String oneKindOfByte(byte[] content) {
        assertThat(content).hasSize(SIZE).containsOnly(content[0]);
        return String.valueOf((char) content[0]);
    }

    @Test
    void aReplacementThatFailsLeavesTheOldAndNoRemains() throws IOException {
        Path occupied = temp.resolve("occupied");
        Files.createDirectories(occupied.resolve("inside"));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> DurableFiles.replace(occupied, new byte[1]));

        assertThat(occupied.resolve("inside")).isDirectory();
        assertThat(temp).isDirectoryNotContaining("glob:**" + DurableFiles.TEMPORARY_SUFFIX);
    }

    @Test
    void aNewFileNeverTakesThePlaceOfAnother() throws IOException {
        Path file = Files.writeString(temp.resolve("file"), "somebody else's");

        assertThatExceptionOfType(FileAlreadyExistsException.class)
                .isThrownBy(() -> DurableFiles.writeNew(file, new byte[1]));

        assertThat(file).hasContent("somebody else's");
    }

    @Test
    void aFileWithoutItsDirectoryIsAFailure() {
        assertThatExceptionOfType(NoSuchFileException.class)
                .isThrownBy(() -> DurableFiles.replace(temp.resolve("absent/file"), new byte[1]));
    }

    @Test
    void directoriesAreMadeWithTheirParentsAndMakingThemTwiceIsFine() throws IOException {
        Path deep = temp.resolve("a/b/c");

        DurableFiles.makeDirectories(deep);
        DurableFiles.makeDirectories(deep);

        assertThat(deep).isDirectory();
    }

    @Test
    void whereAFileStandsNoDirectoryIsMade() throws IOException {
        Path file = Files.createFile(temp.resolve("file"));

        assertThatExceptionOfType(IOException.class).isThrownBy(() -> DurableFiles.makeDirectories(file));
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> DurableFiles.makeDirectories(file.resolve("below")));
        assertThat(file).isRegularFile();
    }
}
