package io.varve.conformance;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Another process with the same classes, which works on a store and tells on its standard output what it does. The output
 * goes to a file, so that nothing of it is lost when the process is killed.
 */
final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final Path output;

    private Child(Process process, Path output) {
        this.process = process;
        this.output = output;
    }

    static Child start(Class<?> program, OpenRoot root, String... arguments) {
        return start(program, root.fixture(), root.layout().root(), arguments);
    }

    /** Starts a class with a {@code main} that opens its store by {@link ChildStore}. */
    static Child start(Class<?> program, DriverFixture fixture, Path root, String... arguments) {
        List<String> command = new ArrayList<>(javaCommand());
        command.add(program.getName());
        command.addAll(ChildStore.arguments(fixture, root));
        command.addAll(List.of(arguments));
        try {
            Path output = Files.createTempFile("varve-conformance-", ".out");
            ProcessBuilder builder = new ProcessBuilder(command).redirectErrorStream(true);
            return new Child(builder.redirectOutput(output.toFile()).start(), output);
        } catch (IOException failure) {
            throw new AssertionError("cannot start another JVM", failure);
        }
    }

    private static List<String> javaCommand() {
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        List<String> command = new ArrayList<>(List.of(java.toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-Dsun.jnu"))
                .forEach(command::add);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto"));
        command.addAll(List.of("-cp", System.getProperty("java.class.path")));
        return command;
    }

    /** What was said so far, in whole lines. */
    private List<String> lines() {
        try {
            String text = Files.readString(output, StandardCharsets.UTF_8);
            return text.substring(0, text.lastIndexOf('\n') + 1).lines().toList();
        } catch (IOException failure) {
            throw new AssertionError("cannot read what the other process said", failure);
        }
    }

    /** Waits for a line with this text in it. */
    String line(String text) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            boolean alive = process.isAlive();
            Optional<String> line =
                    lines().stream().filter(each -> each.contains(text)).findFirst();
            if (line.isPresent()) {
                return line.get();
            }
            if (!alive || System.nanoTime() > end) {
                throw new AssertionError("the other process never said '" + text + "' but: " + lines());
            }
            Pause.briefly();
        }
    }

    /** Kills the process, as SIGKILL and the out-of-memory killer do, and gives everything it said. */
    List<String> kill() {
        process.destroyForcibly().onExit().join();
        return lines();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
        Unchecked.run(() -> Files.deleteIfExists(output));
    }
}
