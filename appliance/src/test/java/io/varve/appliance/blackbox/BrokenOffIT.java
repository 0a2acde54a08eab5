package io.varve.appliance.blackbox;

import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

import static org.assertj.core.api.Assertions.assertThat;

/** Streams that end before their time: an answer that is not whole is seen to be so, and nobody sends what is refused. */
@RequiresBtrfs
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class BrokenOffIT {
    @RegisterExtension
    static final Stage stage = new Stage(512);

    private static final String VOLUME = "/api/v1/stores/default/volumes/v";
    private static final String ENDLESS = " < /dev/zero";
    /** Of curl(1): the transfer ended before all had come. */
    private static final int PARTIAL = 18;

    @TempDir
    Path directory;

    @BeforeAll
    static void fill() {
        stage.volume("v");
        Programs.bash(stage.root().resolve("v"), "head -c 128M /dev/urandom > noise");
        stage.snapshot(VOLUME, "s");
    }

    private static ProcessBuilder curl(String arguments) {
        String command = "exec curl -s --unix-socket " + stage.appliance().socket() + " " + arguments;
        return new ProcessBuilder("bash", "-c", command);
    }

    @ParameterizedTest
    @ValueSource(strings = {"identity", "gzip", "zstd"})
    void anExportThatFailsDoesNotEndInGoodOrder(String coding) throws IOException, InterruptedException {
        Path archive = directory.resolve("archive");
        Process client = curl("--limit-rate 8M -H 'Accept-Encoding: " + coding + "' -o " + archive + " http://varve"
                        + VOLUME + "/snapshots/s/archive")
                .start();
        while (archive.toFile().length() < 1 << 20) {
            Appliance.pause();
        }
        stage.api().delete("/api/v1/operations/" + exporting()).expect(204);
        assertThat(client.waitFor(50, TimeUnit.SECONDS)).isTrue();
        assertThat(client.exitValue()).isEqualTo(PARTIAL);
        assertThat(archive.toFile().length()).isLessThan(128 << 20);
        assertThat(stage.appliance().log()).doesNotContain("unexpected failure");
    }

    private static String exporting() {
        Reply operations = stage.api().get("/api/v1/operations").expect(200);
        return operations.items("id").get(operations.items("state").indexOf("RUNNING"));
    }

    /** As curl does it by itself with much to send, and as a client does it that does not ask before. */
    @ParameterizedTest
    @ValueSource(strings = {"", "-H Expect:"})
    void whatIsRefusedForItsNameIsNotRead(String asking) {
        String answer = Programs.run(curl("-w '%{http_code}' -X POST -T - " + asking + " http://varve" + VOLUME
                        + "/archives/s" + ENDLESS))
                .out();
        assertThat(answer).contains("\"SNAPSHOT_EXISTS\"").endsWith("409");
        String elsewhere = Programs.run(curl("-w '%{http_code}' -X POST -T - " + asking
                        + " -H 'Content-Encoding: gzip' http://varve/api/v1/stores/none/volumes/v/archives/x"
                        + ENDLESS))
                .out();
        assertThat(elsewhere).contains("\"STORE_NOT_FOUND\"").endsWith("404");
    }

    @Test
    void whatIsRefusedForItsContentIsNotReadToTheEnd() {
        String answer = Programs.run(
                        curl("-w '%{http_code}' -X POST -T - http://varve" + VOLUME + "/archives/x" + ENDLESS))
                .out();
        assertThat(answer).contains("\"ARCHIVE_INVALID\"").endsWith("422");
    }

    @Test
    void theCommandLineIsToldAtOnceToo() {
        List<String> command = new ArrayList<>(Appliance.command());
        command.addAll(List.of("import", "v", "s", "-"));
        ProcessBuilder builder =
                new ProcessBuilder(command).redirectInput(Path.of("/dev/zero").toFile());
        builder.environment().put("VARVE_SOCKET", stage.appliance().socket().toString());
        assertThat(Programs.run(builder).exited(1).err()).contains("SNAPSHOT_EXISTS");
    }
}
