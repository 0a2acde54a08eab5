package io.varve.policy;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.varve.linux.Commands;
import io.varve.spi.Consistency;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Programs around a snapshot: what the first stops the second lets go, whatever happens in between. */
@Timeout(60)
class HooksTest {
    @TempDir
    Path temp;

    private Path log;
    private PolicyStage stage;
    private Volume volume;

    @BeforeEach
    void open() throws IOException {
        log = Files.createFile(temp.resolve("log"));
        stage = new PolicyStage(temp);
        volume = stage.volume("app");
        stage.driver.atSnapshot((name, label) -> write("snapshot " + name));
    }

    @AfterEach
    void close() {
        stage.close();
    }

    private void write(String line) {
        try {
            Files.writeString(log, line + "\n", StandardOpenOption.APPEND);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<String> lines() {
        try {
            return Files.readAllLines(log);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /** A program that says its phase and volume, then does something more. */
    private String program(String more) {
        String script = "echo $VARVE_PHASE $VARVE_STORE/$VARVE_VOLUME >> " + log + more;
        return "['" + Commands.find("sh").orElseThrow() + "','-c','" + script + "']";
    }

    private void configure(String more, String before, String after) {
        String fields = PolicyStage.ALL + more + ",'name':'p','keep':{'last':9},'hooks':{'before':" + before
                + ",'after':" + after + ",'deadline':'2s'";
        load(fields + "}");
    }

    private void load(String fields) {
        try {
            stage.book.load(List.of(new JsonMapper().readTree(("{" + fields + "}").replace('\'', '"'))), damaged -> {
                throw new AssertionError(damaged);
            });
        } catch (JsonProcessingException malformed) {
            throw new UncheckedIOException(malformed);
        }
    }

    private List<Consistency> reached() {
        return volume.snapshots().stream()
                .map(Snapshot::record)
                .map(record -> record.consistency())
                .toList();
    }

    private long underWay() throws IOException {
        try (Stream<Path> records = Files.list(temp.resolve("policies/hooks"))) {
            return records.count();
        }
    }

    @Test
    void theyRunBeforeAndAfterAndTheSnapshotSaysWhatWasReached() throws IOException {
        configure("", program(""), program(""));

        assertThat(stage.runner.takeDue("p").succeeded()).isTrue();

        assertThat(lines()).containsExactly("before s/app", "snapshot app", "after s/app");
        assertThat(reached()).containsExactly(Consistency.APPLICATION);
        assertThat(underWay()).isZero();
    }

    @Test
    void ofASetAllAreStoppedBeforeTheFirstIsTaken() {
        stage.volume("second");
        configure(",'together':true", program(""), program(""));

        assertThat(stage.runner.takeDue("p").succeeded()).isTrue();

        assertThat(lines())
                .containsExactly(
                        "before s/app",
                        "before s/second",
                        "snapshot app",
                        "snapshot second",
                        "after s/second",
                        "after s/app");
    }

    @Test
    void whatCannotBePreparedIsNotTakenAndLetGo() {
        configure("", program("; echo it is busy >&2; exit 3"), program(""));

        RunReport report = stage.runner.takeDue("p");

        assertThat(report.volumes().getFirst().failures()).singleElement().satisfies(failure -> {
            assertThat(failure.code()).isEqualTo(ErrorCode.COMMAND_FAILED);
            assertThat(failure.detail()).contains("before the snapshot", "status 3", "it is busy");
        });
        assertThat(lines()).containsExactly("before s/app", "after s/app");
    }

    @Test
    void orItIsTakenAsItIsAndSaysSo() {
        configure("", program("; exit 3"), program("") + ",'onFailure':'continue'");

        assertThat(stage.runner.takeDue("p").succeeded()).isTrue();

        assertThat(lines()).containsExactly("before s/app", "snapshot app", "after s/app");
        assertThat(reached()).containsExactly(Consistency.CRASH);
    }

    @Test
    void whatTakesTooLongIsEndedAndLetGo() {
        configure("", program("; exec sleep 50"), program(""));

        RunReport report = stage.runner.takeDue("p");

        assertThat(report.volumes().getFirst().failures().getFirst().detail()).contains("deadline");
        assertThat(lines()).containsExactly("before s/app", "after s/app");
    }

    @Test
    void aFailedSnapshotIsLetGoToo() {
        configure("", program(""), program(""));
        stage.driver.atSnapshot((name, label) -> {
            throw new StorageException(ErrorCode.NO_SPACE, "full");
        });

        assertThat(stage.runner.takeDue("p").succeeded()).isFalse();

        assertThat(lines()).containsExactly("before s/app", "after s/app");
    }

    @Test
    void whatFailsAfterTheSnapshotIsToldBesideIt() {
        configure("", program(""), program("; exit 4"));

        RunReport report = stage.runner.takeDue("p");

        assertThat(report.volumes().getFirst().taken()).isPresent();
        assertThat(report.volumes().getFirst().failures())
                .singleElement()
                .satisfies(failure -> assertThat(failure.step()).isEqualTo("after"));
    }

    /** As a killed appliance leaves it: the record is there and nobody but the waiting process comes. */
    private void leaveUnderWay(String deadline) {
        configure("", program(""), program(""));
        load(PolicyStage.ALL + ",'name':'p','hooks':{'before':" + program("") + ",'after':" + program("")
                + ",'deadline':'" + deadline + "'}");
        HookRun.prepare(
                        stage.book.require("p"),
                        stage.book.require("p").hooks().orElseThrow(),
                        volume,
                        stage.book.hooks().resolve("left.json"))
                .before();
    }

    @Test
    void whereTheApplianceDiesItIsLetGoWhenTheTimeIsUp() throws Exception {
        leaveUnderWay("1s");
        assertThat(lines()).containsExactly("before s/app");
        long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
        while (lines().size() < 2 && System.nanoTime() < end) {
            Thread.sleep(50);
        }

        assertThat(lines()).containsExactly("before s/app", "after s/app");
        assertThat(underWay()).isZero();
    }

    @Test
    void orWhenItStartsAgainIfThatIsSoonerAndThenOnceAlone() throws Exception {
        leaveUnderWay("1s");

        stage.runner.settle();

        assertThat(lines()).containsExactly("before s/app", "after s/app");
        Thread.sleep(3500);
        assertThat(lines()).hasSize(2);
    }

    @Test
    void theyAreTakenFromTheConfigurationFileAlone() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> stage.put("q", PolicyStage.ALL + ",'hooks':{'before':" + program("") + "}"))
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_INVALID))
                .withMessageContaining("configuration file");
        assertThat(stage.book.find("q")).isEmpty();
    }
}
