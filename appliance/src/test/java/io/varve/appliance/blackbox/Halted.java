package io.varve.appliance.blackbox;

import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;

/** Processes that the appliance started, stopped (SIGSTOP) until this is closed. */
final class Halted implements AutoCloseable {
    private final List<ProcessHandle> processes;

    private Halted(List<ProcessHandle> processes) {
        this.processes = processes;
    }

    /** Waits until the appliance has started this program, and stops it with whatever it started itself. */
    static Halted of(Appliance appliance, String program) {
        long deadline = System.nanoTime() + 20_000_000_000L;
        while (System.nanoTime() < deadline) {
            List<ProcessHandle> found = find(appliance, program);
            if (!found.isEmpty()) {
                found.forEach(process -> signal("STOP", process));
                // What it started before it stopped.
                List<ProcessHandle> all = find(appliance, program);
                all.forEach(process -> signal("STOP", process));
                return new Halted(all);
            }
            Thread.onSpinWait();
        }
        throw new AssertionError("the appliance did not start " + program);
    }

    private static List<ProcessHandle> find(Appliance appliance, String program) {
        Predicate<ProcessHandle> runsIt =
                process -> process.info().command().orElse("").endsWith("/" + program);
        return appliance.handle().descendants().filter(runsIt).toList();
    }

    private static void signal(String name, ProcessHandle process) {
        Programs.run(new ProcessBuilder("kill", "-" + name, Long.toString(process.pid())));
    }

    /** Whether all have ended. */
    boolean isOver() {
        return processes.stream().noneMatch(ProcessHandle::isAlive);
    }

    /** Waits until all have ended. */
    void awaitEnd() {
        processes.forEach(
                process -> process.onExit().orTimeout(20, TimeUnit.SECONDS).join());
    }

    @Override
    public void close() {
        processes.stream().filter(ProcessHandle::isAlive).forEach(process -> signal("CONT", process));
    }
}
