package io.varve.appliance.cli;

import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;

/** Ends a command: the problem to report and the status to exit with. */
final class CommandFailure extends RuntimeException {
    private final transient Problem problem;
    private final int exitStatus;

    CommandFailure(Problem problem, int exitStatus) {
        this(problem, exitStatus, null);
    }

    CommandFailure(Problem problem, int exitStatus, @Nullable Throwable cause) {
        super(problem.detail(), cause);
        this.problem = problem;
        this.exitStatus = exitStatus;
    }

    /** Something on this side failed that is nothing of the appliance's. */
    static CommandFailure local(String detail, String... hint) {
        return new CommandFailure(Problem.of("LOCAL", "Local failure", detail, hint), ExitStatus.FAILED);
    }

    /** A file of this side; {@code action} as in "cannot read /tmp/x". */
    static CommandFailure local(String action, IOException cause) {
        Problem problem = Problem.of("LOCAL", "Local failure", action + ": " + reason(cause));
        return new CommandFailure(problem, ExitStatus.FAILED, cause);
    }

    Problem problem() {
        return problem;
    }

    int exitStatus() {
        return exitStatus;
    }

    /** The exceptions of java.nio.file carry the path alone where the reason is in their type. */
    private static String reason(IOException cause) {
        return switch (cause) {
            case NoSuchFileException missing -> "no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case FileAlreadyExistsException there -> "it exists already";
            case FileSystemException other when other.getReason() != null -> other.getReason();
            default -> String.valueOf(cause.getMessage());
        };
    }
}
