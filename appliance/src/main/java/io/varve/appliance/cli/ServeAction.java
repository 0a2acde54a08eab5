package io.varve.appliance.cli;

import java.nio.file.Path;
import java.util.Optional;

/** Runs the appliance itself; the command line only hands {@code varve serve} on to it. */
@FunctionalInterface
public interface ServeAction {
    /**
     * Serves until told to stop.
     *
     * @param configuration the file given with {@code --config}; empty means the default place
     * @return the exit status
     */
    int serve(Optional<Path> configuration);
}
