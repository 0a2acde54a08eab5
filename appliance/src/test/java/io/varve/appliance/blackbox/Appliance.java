package io.varve.appliance.blackbox;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * The appliance as a process of its own, with state, socket and port of its own. It is the one that was just built, or
 * whatever {@code -Dvarve.command} names.
 */
final class Appliance implements AutoCloseable {
    private static final Duration START = Duration.ofMinutes(3);
    private static final Duration END = Duration.ofSeconds(45);

    private final Path directory;
    private final int port;
    private final Map<String, String> environment = new HashMap<>();
    private final List<String> arguments = new ArrayList<>();
    private final Api api;
    private @Nullable Process process;

    Appliance() throws IOException {
        this.directory = Files.createTempDirectory("varve-it-");
        this.port = freePort();
        this.api = new Api(socket());
        environment.put("VARVE_SOCKET", socket().toString());
        environment.put("VARVE_STATE_DIR", directory.resolve("state").toString());
        environment.put("VARVE_HTTP_PORT", Integer.toString(port));
    }

    static int freePort() throws IOException {
        try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            return probe.getLocalPort();
        }
    }

    /** The checkout that is tested. */
    static Path checkout() {
        return Path.of(System.getProperty("varve.checkout", ".."))
                .toAbsolutePath()
                .normalize();
    }

    /** The program of {@code -Dvarve.command} where that is a single word, which dev/run and dev/varve then use; else empty. */
    static String binary() {
        List<String> words = command();
        return words.size() == 1 ? words.getFirst() : "";
    }

    /** What starts the program, without its arguments. */
    static List<String> command() {
        String given = System.getProperty("varve.command", "");
        if (!given.isBlank()) {
            return Arrays.asList(given.strip().split("\\s+", 0));
        }
        return List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "@" + checkout().resolve("dev/java-options"),
                "-XX:TieredStopAtLevel=1",
                "-jar",
                checkout()
                        .resolve("appliance/target/quarkus-app/quarkus-run.jar")
                        .toString());
    }

    Appliance with(String variable, String value) {
        environment.put(variable, value);
        return this;
    }

    /** Starts with this configuration file. */
    Appliance configured(String yaml) throws IOException {
        Path file = directory.resolve("varve.yaml");
        Files.writeString(file, yaml);
        arguments.addAll(List.of("--config", file.toString()));
        return this;
    }

    Path directory() {
        return directory;
    }

    Path socket() {
        return directory.resolve("varve.sock");
    }

    Path state() {
        return directory.resolve("state");
    }

    URI url() {
        return URI.create("http://127.0.0.1:" + port);
    }

    Api api() {
        return api;
    }

    /** Everything it wrote to standard error, over all its starts. */
    String log() {
        try {
            return Files.exists(logFile()) ? Files.readString(logFile()) : "";
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private Path logFile() {
        return directory.resolve("log");
    }

    /** Starts it and waits until it says that it is ready. */
    Appliance start() throws IOException {
        int before = log().length();
        List<String> command = new ArrayList<>(command());
        command.add("serve");
        command.addAll(arguments);
        ProcessBuilder builder = new ProcessBuilder(command)
                .redirectInput(Path.of("/dev/null").toFile())
                .redirectOutput(directory.resolve("out").toFile())
                .redirectError(ProcessBuilder.Redirect.appendTo(logFile().toFile()));
        builder.environment().putAll(environment);
        process = builder.start();
        awaitReady(before);
        return this;
    }

    private void awaitReady(int before) {
        long deadline = System.nanoTime() + START.toNanos();
        while (!log().substring(before).contains("varve is ready")) {
            if (!running().isAlive() || System.nanoTime() > deadline) {
                throw new AssertionError("the appliance did not start:\n" + log().substring(before));
            }
            pause();
        }
    }

    static void pause() {
        try {
            Thread.sleep(Duration.ofMillis(20));
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    private Process running() {
        if (process == null) {
            throw new IllegalStateException("the appliance was not started");
        }
        return process;
    }

    ProcessHandle handle() {
        return running().toHandle();
    }

    boolean isAlive() {
        return running().isAlive();
    }

    /** SIGTERM; answers the exit status. */
    int terminate() {
        running().destroy();
        return awaitEnd();
    }

    /** SIGKILL. */
    void kill() {
        running().destroyForcibly();
        awaitEnd();
    }

    private int awaitEnd() {
        try {
            if (!running().waitFor(END.toSeconds(), TimeUnit.SECONDS)) {
                throw new AssertionError("the appliance does not end:\n" + log());
            }
            api.hangUp();
            return running().exitValue();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError(interrupted);
        }
    }

    /** The command line, talking to this appliance. */
    Programs.Outcome varve(String... words) {
        List<String> command = new ArrayList<>(command());
        command.addAll(Arrays.asList(words));
        return Programs.run(new ProcessBuilder(command), environment);
    }

    @Override
    public void close() {
        api.close();
        if (process != null && process.isAlive()) {
            kill();
        }
        Roots.remove(directory);
    }
}
