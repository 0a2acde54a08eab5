package io.varve.volume;

import io.varve.linux.KernelException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;

/** Whether anybody has put something into a head since it was made. */
final class EmptyHead {
    /** What mkfs puts into ext filesystems. */
    private static final String BY_FILESYSTEM = "lost+found";

    private EmptyHead() {}

    static boolean isEmpty(Path head) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(head, entry -> !entry.endsWith(BY_FILESYSTEM))) {
            return !entries.iterator().hasNext();
        } catch (IOException failure) {
            throw KernelException.storage("cannot look into '" + head + "'", failure);
        }
    }
}
