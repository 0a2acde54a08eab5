package io.varve.journal;

import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class JournalTest {
    @TempDir
    Path temp;

    private Path directory;
    private Journal journal;

    @BeforeEach
    void open() throws IOException {
        directory = Files.createDirectory(temp.resolve("journal"));
        journal = new Journal(directory);
    }

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static List<String> contents(Journal journal) throws IOException {
        List<String> contents = new ArrayList<>();
        for (Journal.Entry entry : journal.pending()) {
            contents.add(entry.step() + " " + new String(entry.content(), StandardCharsets.UTF_8));
        }
        return contents;
    }

    @Test
    void whatWasUnderWayComesBackInItsOrder() throws IOException {
        for (int i = 1; i <= 12; i++) {
            journal.begin(Step.CREATE_SNAPSHOT, bytes("" + i), i % 2 == 0);
        }
        journal.begin(Step.REVERT, bytes("last"), true);

        List<String> pending = contents(new Journal(directory));

        assertThat(pending)
                .hasSize(13)
                .startsWith("CREATE_SNAPSHOT 1", "CREATE_SNAPSHOT 2")
                .endsWith("REVERT last");
        assertThat(pending.get(9)).as("by number, not by text").isEqualTo("CREATE_SNAPSHOT 10");
    }

    @Test
    void everyStepKeepsItsMeaning() throws IOException {
        for (Step step : Step.values()) {
            journal.begin(step, bytes(step.name()), false);
        }

        assertThat(contents(new Journal(directory)))
                .containsExactly(
                        "CREATE_VOLUME CREATE_VOLUME",
                        "IMPORT_VOLUME IMPORT_VOLUME",
                        "DELETE_VOLUME DELETE_VOLUME",
                        "CREATE_SNAPSHOT CREATE_SNAPSHOT",
                        "IMPORT_SNAPSHOT IMPORT_SNAPSHOT",
                        "DELETE_SNAPSHOT DELETE_SNAPSHOT",
                        "RESIZE_VOLUME RESIZE_VOLUME",
                        "REVERT REVERT");
    }

    @Test
    void aPromotedEntryIsTheRecordItself() throws IOException {
        Path place = temp.resolve("record");
        Journal.Entry entry = journal.begin(Step.CREATE_VOLUME, bytes("record"), true);

        journal.promote(entry, place);

        assertThat(place).hasContent("record");
        assertThat(journal.pending()).isEmpty();
    }

    @Test
    void aTakenRecordIsInTheJournalAlone() throws IOException {
        Path place = Files.writeString(temp.resolve("record"), "record");

        Journal.Entry entry = journal.take(Step.DELETE_SNAPSHOT, place);

        assertThat(place).doesNotExist();
        assertThat(contents(new Journal(directory))).containsExactly("DELETE_SNAPSHOT record");
        journal.promote(entry, place);
        assertThat(place).hasContent("record");
    }

    @Test
    void aDroppedEntryIsGoneAndDroppingTwiceIsFine() throws IOException {
        Journal.Entry entry = journal.begin(Step.CREATE_VOLUME, bytes("record"), true);

        journal.drop(entry);
        journal.drop(entry);

        assertThat(journal.pending()).isEmpty();
    }

    @Test
    void numbersGoOnAfterTheLastPendingOne() throws IOException {
        journal.begin(Step.CREATE_VOLUME, bytes("1"), true);
        Journal.Entry second = journal.begin(Step.CREATE_VOLUME, bytes("2"), true);

        Journal again = new Journal(directory);
        Journal.Entry third = again.begin(Step.DELETE_VOLUME, bytes("3"), true);

        assertThat(third.file()).isNotEqualTo(second.file());
        assertThat(contents(again)).containsExactly("CREATE_VOLUME 1", "CREATE_VOLUME 2", "DELETE_VOLUME 3");
    }

    @Test
    void aTornEntryIsPendingSoThatItsReaderCanTellItFromAWholeOne() throws IOException {
        Files.writeString(directory.resolve("7.create-snapshot.json"), "{\"format\":1,\"ty");

        Journal again = new Journal(directory);
        again.begin(Step.CREATE_SNAPSHOT, bytes("whole"), true);

        assertThat(contents(again)).containsExactly("CREATE_SNAPSHOT {\"format\":1,\"ty", "CREATE_SNAPSHOT whole");
    }

    @Test
    void twoJournalsOfOneDirectoryNeverWriteOverEachOthersEntries() throws IOException {
        Journal other = new Journal(directory);
        journal.begin(Step.CREATE_VOLUME, bytes("1"), true);
        other.begin(Step.CREATE_VOLUME, bytes("2"), true);
        journal.take(Step.DELETE_VOLUME, Files.writeString(temp.resolve("a"), "3"));
        other.take(Step.DELETE_VOLUME, Files.writeString(temp.resolve("b"), "4"));

        assertThat(contents(journal))
                .containsExactlyInAnyOrder("CREATE_VOLUME 1", "CREATE_VOLUME 2", "DELETE_VOLUME 3", "DELETE_VOLUME 4");
    }

    @Test
    void whatIsGivenBackIsInItsPlaceAlone() throws IOException {
        Path place = Files.writeString(temp.resolve("record"), "record");
        Journal.Entry entry = journal.take(Step.DELETE_SNAPSHOT, place);

        journal.giveBack(entry, place);

        assertThat(place).hasContent("record");
        assertThat(journal.pending()).isEmpty();
    }

    @Test
    void aRecordThatHasBothNamesAfterACrashCanBeGivenBackToo() throws IOException {
        Path place = Files.writeString(temp.resolve("record"), "record");
        Path entry = Files.createLink(directory.resolve("7.delete-snapshot.json"), place);

        journal.giveBack(new Journal.Entry(Step.DELETE_SNAPSHOT, entry), place);

        assertThat(place).hasContent("record");
        assertThat(journal.pending()).isEmpty();
    }

    @Test
    void whatIsNoEntryIsLeftAlone() throws IOException {
        Files.writeString(directory.resolve("notes.txt"), "by hand");
        Files.writeString(directory.resolve(".3f.tmp"), "half");
        Files.writeString(directory.resolve("9.unknown-step.json"), "from a later version");

        Journal again = new Journal(directory);

        assertThat(again.pending()).isEmpty();
        assertThat(directory.resolve("9.unknown-step.json")).exists();
        assertThat(again.begin(Step.REVERT, bytes(""), false).file()).hasFileName("10.revert.json");
    }

    @Test
    void whatCannotBeTakenIsAFailureAndLeavesNoEntry() throws IOException {
        assertThatExceptionOfType(IOException.class)
                .isThrownBy(() -> journal.take(Step.DELETE_VOLUME, temp.resolve("absent")));

        assertThat(journal.pending()).isEmpty();
    }

    @Test
    void manyThreadsGetEachAnEntryOfItsOwn() throws Exception {
        try (ExecutorService threads = Executors.newFixedThreadPool(8)) {
            List<Future<Journal.Entry>> begun = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                String text = "record " + i;
                begun.add(threads.submit(() -> journal.begin(Step.CREATE_SNAPSHOT, bytes(text), false)));
            }
            for (int i = 0; i < begun.size(); i++) {
                assertThat(begun.get(i).get().file()).hasContent("record " + i);
            }
        }
        assertThat(journal.pending()).hasSize(200).doesNotHaveDuplicates();
    }
}
