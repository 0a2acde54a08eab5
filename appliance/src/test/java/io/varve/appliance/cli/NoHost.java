package io.varve.appliance.cli;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** Serves nothing, and says so with a status of its own. */
final class NoHost implements HostActions {
    static final int STATUS = 77;

    @Override
    public int serve(Optional<Path> configuration) {
        return STATUS;
    }

    @Override
    public List<SystemCall> systemCalls() {
        return List.of(new SystemCall("fsync", "Bad file descriptor"));
    }
}
