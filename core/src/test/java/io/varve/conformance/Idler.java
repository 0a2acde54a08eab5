package io.varve.conformance;

import java.io.IOException;
import java.nio.file.Path;

/** A process that sits in a directory and does nothing. */
record Idler(Process process) implements AutoCloseable {
    static Idler in(Path directory) {
        try {
            Process process = new ProcessBuilder("/bin/sleep", "600")
                    .directory(directory.toFile())
                    .start();
            Path program = Path.of("/proc", Long.toString(process.pid()), "comm");
            while (!Rig.read(program).strip().equals("sleep")) {
                Pause.briefly();
            }
            return new Idler(process);
        } catch (IOException failure) {
            throw new AssertionError("cannot start /bin/sleep in " + directory, failure);
        }
    }

    long pid() {
        return process.pid();
    }

    @Override
    public void close() {
        process.destroyForcibly().onExit().join();
    }
}
