package io.varve.linux;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class CommandsTest {
    private static final Duration LONG = Duration.ofSeconds(60);

    @TempDir
    Path temp;

    @Test
    void outputErrorsAndStatusComeBackApart() {
        Commands.Result result = shell("echo out; echo err >&2; exit 3");

        assertThat(result.output()).isEqualTo("out\n");
        assertThat(result.errors()).isEqualTo("err\n");
        assertThat(result.status()).isEqualTo(3);
        assertThat(result.succeeded()).isFalse();
    }

    @Test
    void argumentsReachTheProgramAsTheyAre() {
        List<String> command = List.of("/usr/bin/printf", "[%s]", "a b", "$HOME", "*", "; rm -rf x", "ä\n");

        assertThat(Commands.run(command, LONG).output()).isEqualTo("[a b][$HOME][*][; rm -rf x][ä\n]\n");
    }

    @Test
    void theEnvironmentHoldsNothingOfOurs() {
        assertThat(shell("env").output().lines().filter(line -> !line.matches("(PWD|SHLVL|_|OLDPWD)=.*")))
                .containsExactlyInAnyOrder("LC_ALL=C", "PATH=/usr/sbin:/usr/bin:/sbin:/bin", "VARVE_OWNER=");
        assertThat(shell("pwd").output()).isEqualTo("/\n");
    }

    @Test
    void nothingCanBeReadFromUs() {
        assertThat(shell("cat; echo end").output()).isEqualTo("end\n");
    }

    @Test
    void onlyAbsolutePathsAreRun() {
        assertThatExceptionOfType(IllegalArgumentException.class)
                .isThrownBy(() -> Commands.run(List.of("sh", "-c", "true"), LONG))
                .withMessageContaining("'sh' is not an absolute path");
    }

    @Test
    void aProgramThatIsNotThereIsAFailureThatNamesIt() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> Commands.run(List.of("/usr/bin/no-such-program"), LONG))
                .withMessageContaining("/usr/bin/no-such-program")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.COMMAND_FAILED));
    }

    @Test
    void programsAreFoundInSystemDirectoriesAlone() {
        assertThat(Commands.find("sh"))
                .hasValueSatisfying(path -> assertThat(path).isAbsolute());
        assertThat(Commands.find("no-such-program")).isEmpty();
    }

    @Test
    void aLateProgramIsKilledWithWhatItStarted() throws IOException {
        Path pids = temp.resolve("pids");
        String script = "sleep 300 & echo $! >>" + pids + "; sleep 300 & echo $! >>" + pids + "; wait";

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> Commands.run(List.of("/bin/sh", "-c", script), Duration.ofSeconds(1)))
                .withMessageContaining("/bin/sh did not end within its deadline")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.COMMAND_FAILED));
        assertEnded(pids, 2);
    }

    @Test
    void cancellingKillsTheProgramAndWhatItStarted() throws IOException {
        Path pids = temp.resolve("pids");
        String script = "sh -c 'echo $$ >>" + pids + "; sleep 300 & echo $! >>" + pids + "; wait' & wait";
        Work cancelled = cancelledWhen(() -> lines(pids).size() == 2);

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> Commands.run(List.of("/bin/sh", "-c", script), "", LONG, cancelled, line -> {}))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED));
        assertEnded(pids, 2);
    }

    @Test
    void anInterruptedCallerIsCancelledAndStaysInterrupted() {
        Thread.currentThread().interrupt();

        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> shell("sleep 300"))
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.CANCELLED));
        assertThat(Thread.interrupted()).isTrue();
    }

    @Test
    void outputIsBoundedWhetherItHasLinesOrNot() {
        Commands.Result lines = shell("yes 0123456789 | head -c 1000000");
        Commands.Result noLines = shell("head -c 30000000 /dev/zero | tr '\\0' x");

        assertThat(lines.output()).startsWith("0123456789\n0123456789\n").hasSizeLessThanOrEqualTo(64 * 1024 + 1);
        assertThat(noLines.output()).hasSize(64 * 1024 + 1);
    }

    @Test
    void eachLineIsToldInOrderBeyondWhatIsKept() {
        List<String> told = new ArrayList<>();

        run("seq 1 50000; printf 'a\\rb\\r\\nc\\n\\nlast'", told::add);

        assertThat(told).hasSize(50_005).startsWith("1", "2", "3").endsWith("50000", "a", "b", "c", "", "last");
    }

    @Test
    void aListenerThatFailsStopsNothingAndIsHeardOf() {
        assertThatExceptionOfType(IllegalStateException.class)
                .isThrownBy(() -> run("seq 1 100000; touch " + temp + "/done", line -> {
                    throw new IllegalStateException("cannot read '" + line + "'");
                }))
                .withMessage("cannot read '1'");
        assertThat(temp.resolve("done")).exists();
    }

    @Test
    void aFailureSaysWhatWasAttemptedAndWhatTheProgramSaid() {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> shell("echo broken >&2; exit 7").orThrow("cannot make a pool"))
                .withMessageContaining("cannot make a pool")
                .withMessageContaining("status 7")
                .withMessageContaining("broken");
    }

    @Test
    void aFullDiskIsToldByTheProgramsWords() {
        StorageException failure =
                shell("echo 'write: No space left on device' >&2; exit 1").failure("cannot copy");

        assertThat(failure.code()).isEqualTo(ErrorCode.NO_SPACE);
    }

    @Test
    void whatAProcessOfADeadParentLeftRunningIsEnded() throws IOException {
        String owner = "store-" + temp.getFileName();
        Path pids = temp.resolve("pids");
        String mine = "setsid sleep 300 >/dev/null 2>&1 & echo $! >>" + pids;
        Commands.run(List.of("/bin/sh", "-c", mine), owner, LONG, Work.unwatched(), line -> {});
        Commands.run(List.of("/bin/sh", "-c", mine), owner + "2", LONG, Work.unwatched(), line -> {});
        List<Long> left = lines(pids).stream().map(Long::valueOf).toList();

        Commands.endLeftovers(owner);

        assertThat(runs(left.get(0))).isFalse();
        assertThat(runs(left.get(1))).as("that of another owner").isTrue();
        Commands.endLeftovers(owner + "2");
        assertThat(runs(left.get(1))).isFalse();
    }

    private static Commands.Result shell(String script) {
        return Commands.run(List.of("/bin/sh", "-c", script), LONG);
    }

    private static void run(String script, Consumer<String> eachLine) {
        Commands.run(List.of("/bin/sh", "-c", script), "", LONG, Work.unwatched(), eachLine);
    }

    private static Work cancelledWhen(BooleanSupplier condition) {
        return new Work() {
            @Override
            public void progress(long done, long total, String unit) {}

            @Override
            public boolean cancelled() {
                return condition.getAsBoolean();
            }
        };
    }

    private static List<String> lines(Path file) {
        try {
            return Files.exists(file) ? Files.readAllLines(file, StandardCharsets.US_ASCII) : List.of();
        } catch (IOException unreadable) {
            throw new IllegalStateException(unreadable);
        }
    }

    private static void assertEnded(Path pids, int count) {
        assertThat(lines(pids)).hasSize(count).allSatisfy(pid -> assertThat(endsSoon(Long.parseLong(pid)))
                .isTrue());
    }

    private static boolean endsSoon(long pid) {
        for (int i = 0; i < 100 && runs(pid); i++) {
            pause();
        }
        return !runs(pid);
    }

    private static void pause() {
        try {
            TimeUnit.MILLISECONDS.sleep(50);
        } catch (InterruptedException interrupted) {
            throw new IllegalStateException(interrupted);
        }
    }

    /** A killed program that nobody has waited for yet, a zombie, does not run. */
    private static boolean runs(long pid) {
        try {
            return !Files.readString(Path.of("/proc/" + pid + "/stat")).contains(") Z ");
        } catch (IOException gone) {
            return false;
        }
    }
}
