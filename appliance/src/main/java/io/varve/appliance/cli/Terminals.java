package io.varve.appliance.cli;

import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Which of the three standard streams a person sits at. */
record Terminals(boolean in, boolean out, boolean err) {
    static final Terminals NONE = new Terminals(false, false, false);

    /** A stream that is not the process's own is never a terminal. */
    static Terminals of(InputStream in, PrintStream out, PrintStream err) {
        return new Terminals(
                in == System.in && isTerminal(0),
                out == System.out && isTerminal(1),
                err == System.err && isTerminal(2));
    }

    /** The kernel names the device behind a descriptor (proc(5)); this needs neither a native library nor a console. */
    private static boolean isTerminal(int descriptor) {
        try {
            String device = Files.readSymbolicLink(Path.of("/proc/self/fd/" + descriptor))
                    .toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty") || device.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }
}
