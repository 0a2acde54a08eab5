package io.varve.appliance.blackbox;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** External programs, run to their end. */
final class Programs {
    private static final Duration LIMIT = Duration.ofMinutes(3);
    private static final List<String> PLACES = List.of("/usr/sbin", "/usr/bin", "/sbin", "/bin");

    private Programs() {}

    record Outcome(String command, int exit, String out, String err) {
        Outcome succeeded() {
            return exited(0);
        }

        Outcome exited(int expected) {
            if (exit != expected) {
                throw new AssertionError(this + ", not " + expected);
            }
            return this;
        }

        @Override
        public String toString() {
            return command + "\nexited with " + exit + "\n" + out + err;
        }
    }

    static boolean areThere(String... names) {
        return Stream.of(names)
                .allMatch(name -> PLACES.stream().anyMatch(place -> Files.isExecutable(Path.of(place, name))));
    }

    /** Runs a program that must succeed, and answers what it printed. */
    static String run(String... command) {
        return run(new ProcessBuilder(command)).succeeded().out();
    }

    /** Runs a script of bash that must succeed. */
    static String bash(Path directory, String script) {
        return run(new ProcessBuilder("bash", "-euo", "pipefail", "-c", script).directory(directory.toFile()))
                .succeeded()
                .out();
    }

    static Outcome run(ProcessBuilder builder, Map<String, String> environment) {
        builder.environment().putAll(environment);
        return run(builder);
    }

    static Outcome run(ProcessBuilder builder) {
        try {
            Path directory = Files.createTempDirectory("varve-it-run-");
            try {
                return run(builder, directory.resolve("out"), directory.resolve("err"));
            } finally {
                Roots.remove(directory);
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static Outcome run(ProcessBuilder builder, Path out, Path err) throws IOException {
        String command = String.join(" ", builder.command());
        if (builder.redirectInput().type() == ProcessBuilder.Redirect.Type.PIPE) {
            builder.redirectInput(Path.of("/dev/null").toFile());
        }
        builder.redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().put("PATH", String.join(":", PLACES));
        Process process = builder.start();
        try {
            if (!process.waitFor(LIMIT.toSeconds(), TimeUnit.SECONDS)) {
                process.destroyForcibly();
                throw new AssertionError(command + "\nstill runs after " + LIMIT);
            }
        } catch (InterruptedException interrupted) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
            throw new AssertionError(command + "\nwas interrupted", interrupted);
        }
        return new Outcome(command, process.exitValue(), read(out), read(err));
    }

    /** What a program prints need not be UTF-8. */
    private static String read(Path file) throws IOException {
        return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    }
}
