package io.varve.appliance.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** What is done on this host itself instead of being asked of an appliance; the command line only hands it on. */
public interface HostActions {
    /**
     * Runs the appliance until it is told to stop.
     *
     * @param configuration the file given with {@code --config}; empty means the default place
     * @return the exit status
     */
    int serve(Optional<Path> configuration);

    /**
     * Tries each system call in a way that changes nothing.
     *
     * @throws LinkageError where one cannot be called
     */
    List<SystemCall> systemCalls();

    /** @param answer what the kernel said to it */
    record SystemCall(String name, String answer) {}
}
