package io.varve.journal;

import io.varve.linux.Commands;
import io.varve.linux.DurableFiles;
import io.varve.linux.RootOnly;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** On an ext4 whose image is copied while it is mounted: the copy has what a power cut at that moment would leave. */
@RootOnly
class JournalPowerCutTest {
    private static final Duration DEADLINE = Duration.ofSeconds(60);
    private static final long SIZE = 32L << 20;

    @TempDir
    Path temp;

    private Path point;

    @BeforeEach
    void mount() throws IOException {
        point = Files.createDirectory(temp.resolve("mounted"));
        Path image = temp.resolve("image");
        try (FileChannel file = FileChannel.open(image, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            file.write(java.nio.ByteBuffer.allocate(1), SIZE - 1);
        }
        program("mkfs.ext4", "-q", image.toString());
        program("mount", "-o", "loop", image.toString(), point.toString());
        Files.createDirectory(point.resolve("journal"));
        Files.createDirectory(point.resolve("catalog"));
        DurableFiles.syncDirectory(point);
    }

    @AfterEach
    void unmount() {
        program("umount", point.toString());
    }

    private static void program(String name, String... arguments) {
        List<String> command = new ArrayList<>();
        command.add(
                Commands.find(name).orElseThrow(() -> Commands.missing(name)).toString());
        command.addAll(List.of(arguments));
        Commands.run(command, DEADLINE).orThrow("prepare a test with " + name);
    }

    private void losePower() throws IOException {
        Path copy = Files.copy(temp.resolve("image"), temp.resolve("copy"), StandardCopyOption.REPLACE_EXISTING);
        program("umount", point.toString());
        program("mount", "-o", "loop", copy.toString(), point.toString());
    }

    private Journal journal() throws IOException {
        return new Journal(point.resolve("journal"));
    }

    private Path record() throws IOException {
        Path place = point.resolve("catalog/record");
        DurableFiles.replace(place, "kept".getBytes(StandardCharsets.UTF_8));
        return place;
    }

    @Test
    void aRemovalThatWasBegunIsKnownAfterwards() throws IOException {
        Path place = record();
        journal().take(Step.DELETE_VOLUME, place);

        losePower();

        assertThat(place).doesNotExist();
        assertThat(journal().pending()).hasSize(1);
    }

    @Test
    void aRemovalThatWasRefusedIsNotCarriedOutAfterwards() throws IOException {
        Path place = record();
        Journal journal = journal();
        journal.giveBack(journal.take(Step.DELETE_VOLUME, place), place);

        losePower();

        assertThat(place).hasContent("kept");
        assertThat(journal().pending()).isEmpty();
    }
}
