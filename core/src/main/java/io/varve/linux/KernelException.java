package io.varve.linux;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.EOFException;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.util.Objects;

/** A system call that failed: which one, on what, and why. */
public final class KernelException extends IOException {
    private static final long serialVersionUID = 1L;

    private final Errno errno;
    private final String subject;

    KernelException(String call, String subject, int number, String text) {
        super(call + " " + subject + ": " + text + " (errno " + number + ")");
        this.errno = Errno.of(number);
        this.subject = subject;
    }

    public Errno errno() {
        return errno;
    }

    /** The path or thing the call was about. */
    public String subject() {
        return subject;
    }

    /** Any failed input or output as the exception of the layers above: {@code action} says what was attempted. */
    public static StorageException storage(String action, IOException failure) {
        return new StorageException(codeOf(failure), action + ": " + describe(failure), failure);
    }

    private static ErrorCode codeOf(IOException failure) {
        return switch (failure) {
            case KernelException kernel -> kernel.errno().code();
            case AccessDeniedException denied -> ErrorCode.PERMISSION_DENIED;
            case NotDirectoryException other -> ErrorCode.NOT_A_DIRECTORY;
            case FileSystemException other when isNoSpace(other) -> ErrorCode.NO_SPACE;
            default -> isNoSpace(failure) ? ErrorCode.NO_SPACE : ErrorCode.IO_FAILED;
        };
    }

    private static boolean isNoSpace(IOException failure) {
        // The JDK gives errno as text alone; the text is the C library's under LC_ALL=C or UTF-8 English.
        String text = String.valueOf(failure.getMessage());
        return text.contains("No space left") || text.contains("quota exceeded");
    }

    /** For people, who know neither the JDK's classes nor the files of ours that its texts name. */
    private static String describe(IOException failure) {
        return switch (failure) {
            case KernelException kernel -> String.valueOf(kernel.getMessage());
            case NoSuchFileException absent -> "there is no such file or directory";
            case AccessDeniedException denied -> "permission denied";
            case NotDirectoryException other -> "it is not a directory";
            case DirectoryNotEmptyException full -> "the directory is not empty";
            case FileAlreadyExistsException there -> "something is there already";
            case FileSystemException other -> Objects.requireNonNullElse(other.getReason(), "input or output failed");
            case EOFException end -> "it ends too early";
            default -> Objects.requireNonNullElse(failure.getMessage(), "input or output failed");
        };
    }
}
