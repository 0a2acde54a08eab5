package io.varve.appliance.blackbox;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** Every command of README.md's tour works as it stands there, with {@code ./dev/run} in another terminal. */
@RequiresBtrfs
class TourIT {
    private static final Pattern BLOCK =
            Pattern.compile("<!-- tour -->\\s*```sh\\n(.*?)```\\s*<!-- /tour -->", Pattern.DOTALL);

    /** A checkout of its own, so that nobody's {@code .varve/} is touched. */
    private static Path checkout(Path parent) throws IOException {
        Path copy = Files.createDirectory(parent.resolve("checkout"));
        for (String name : Roots.names(Appliance.checkout())) {
            if (!name.startsWith(".") && !name.equals("dev")) {
                Files.createSymbolicLink(
                        copy.resolve(name), Appliance.checkout().resolve(name));
            }
        }
        Programs.run(
                "cp",
                "-a",
                Appliance.checkout().resolve("dev").toString(),
                copy.resolve("dev").toString());
        return copy;
    }

    /** All blocks as one script that stops at the first command that fails; /tmp is one of our own. */
    private static String script(Path temporary) throws IOException {
        Matcher blocks = BLOCK.matcher(Files.readString(Appliance.checkout().resolve("README.md")));
        List<String> found = blocks.results().map(block -> block.group(1)).toList();
        assertThat(found).hasSizeGreaterThanOrEqualTo(3);
        return found.stream()
                .collect(Collectors.joining(
                        "\n", "shopt -s expand_aliases\nset -euo pipefail\nPS4='+ '; set -x\n", "\n"))
                .replace(" /tmp/", " " + temporary + "/");
    }

    @Test
    void everyCommandOfTheTourWorks() throws IOException, InterruptedException {
        try (LoopImage image = LoopImage.btrfs(512)) {
            Path copy = checkout(image.path());
            Path temporary = Files.createDirectory(image.path().resolve("tmp"));
            Map<String, String> environment = Map.of(
                    "JAVA_HOME", System.getProperty("java.home"),
                    "VARVE_HTTP_PORT", Integer.toString(Appliance.freePort()),
                    "VARVE_BINARY", Appliance.binary());
            Path log = image.path().resolve("log");
            ProcessBuilder builder = new ProcessBuilder("bash", "dev/run")
                    .directory(copy.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(log.toFile());
            builder.environment().putAll(environment);
            Process running = builder.start();
            try {
                await(running, log);
                Files.writeString(temporary.resolve("tour.sh"), script(temporary));
                ProcessBuilder tour =
                        new ProcessBuilder("bash", temporary.resolve("tour.sh").toString()).directory(copy.toFile());
                check(Programs.run(tour, environment).succeeded(), copy);
                running.destroy();
                assertThat(running.waitFor(60, TimeUnit.SECONDS)).isTrue();
                assertThat(running.exitValue()).isZero();
            } finally {
                running.destroyForcibly().waitFor();
            }
        }
    }

    private static void await(Process running, Path log) throws IOException, InterruptedException {
        long deadline = System.nanoTime() + 120_000_000_000L;
        while (!Files.readString(log).contains("varve is ready")) {
            if (!running.isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("dev/run did not get ready:\n" + Files.readString(log));
            }
            Thread.sleep(50);
        }
    }

    /** What README says that one sees. */
    private static void check(Programs.Outcome tour, Path copy) throws IOException {
        assertThat(tour.out())
                .contains("btrfs")
                .contains("today.txt")
                .contains("UNDO")
                .contains("first\n");
        assertThat(tour.out().lines()).contains("first", "monday");
        assertThat(tour.out()).contains("\"name\":\"notes\"", "\"name\":\"copy\"", "\"store:default\"", "\"UP\"");
        assertThat(tour.out()).contains("hourly").doesNotContain("DOWN");
        assertThat(copy.resolve(".varve/store/notes/today.txt")).hasContent("first");
        assertThat(copy.resolve(".varve/store/.btrfs/snapshots/copy/monday/today.txt"))
                .hasContent("first");
    }
}
