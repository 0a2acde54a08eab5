package io.varve.conformance;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/** Another process with the same classes, which works on a store and tells on its standard output what it does. */
final class Child implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofMinutes(2);

    private final Process process;
    private final List<String> lines = new ArrayList<>();
    private final BlockingQueue<String> unread = new LinkedBlockingQueue<>();
    private final Thread reader;

    private Child(Process process) {
        this.process = process;
        this.reader = Thread.ofVirtual().start(this::readAll);
    }

    static Child start(Class<?> program, OpenRoot root, String... arguments) {
        return start(program, root.fixture(), root.layout().root(), arguments);
    }

    /** Starts a class with a {@code main} that opens its store by {@link ChildStore}. */
    static Child start(Class<?> program, DriverFixture fixture, Path root, String... arguments) {
        List<String> command = new ArrayList<>(
                List.of(Path.of(System.getProperty("java.home"), "bin", "java").toString()));
        ManagementFactory.getRuntimeMXBean().getInputArguments().stream()
                .filter(argument -> argument.startsWith("--") || argument.startsWith("-Dsun.jnu"))
                .forEach(command::add);
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-XX:+UseSerialGC", "-Xshare:auto", "-cp"));
        command.add(System.getProperty("java.class.path"));
        command.add(program.getName());
        command.addAll(ChildStore.arguments(fixture, root));
        command.addAll(List.of(arguments));
        try {
            return new Child(
                    new ProcessBuilder(command).redirectErrorStream(true).start());
        } catch (IOException failure) {
            throw new AssertionError("cannot start another JVM", failure);
        }
    }

    private void readAll() {
        try (BufferedReader output = process.inputReader()) {
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                unread.add(line);
            }
        } catch (IOException killed) {
            unread.add("(output ended: " + killed.getMessage() + ")");
        }
    }

    /** Waits for a line with this text in it. */
    String line(String text) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end && (process.isAlive() || reader.isAlive() || !unread.isEmpty())) {
            try {
                String line = unread.poll(50, TimeUnit.MILLISECONDS);
                if (line != null) {
                    lines.add(line);
                    if (line.contains(text)) {
                        return line;
                    }
                }
            } catch (InterruptedException interrupted) {
                Thread.currentThread().interrupt();
                throw new AssertionError("interrupted", interrupted);
            }
        }
        throw new AssertionError("the other process never said '" + text + "' but: " + lines);
    }

    /** Kills the process, as SIGKILL and the out-of-memory killer do, and gives everything it said. */
    List<String> kill() {
        process.destroyForcibly().onExit().join();
        Unchecked.run(reader::join);
        unread.drainTo(lines);
        return List.copyOf(lines);
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
