package io.varve.appliance.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Optional;

/**
 * A file in the making, called {@code NAME.partial} until it is whole and on disk. What is not published is removed;
 * what was there before under the final name stays until then.
 */
final class NewFile implements AutoCloseable {
    private static final String SUFFIX = ".partial";

    private final Path file;
    private final Path partial;
    private final FileChannel channel;
    private boolean published;

    private NewFile(Path file, Path partial, FileChannel channel) {
        this.file = file;
        this.partial = partial;
        this.channel = channel;
    }

    /** Begins the file. A partial one that somebody writes just now is left to them, an abandoned one is dropped. */
    static NewFile create(Path name) throws IOException {
        Path file = finalName(name);
        Path partial = file.resolveSibling(file.getFileName() + SUFFIX);
        dropAbandoned(partial);
        FileChannel channel = FileChannel.open(partial, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
        lock(channel);
        return new NewFile(file, partial, channel);
    }

    Copying.Sink sink() {
        return Copying.into(channel, partial.toString());
    }

    /** Syncs the content, gives it its name and syncs that too. */
    void publish() throws IOException {
        channel.force(true);
        Files.move(partial, file, StandardCopyOption.ATOMIC_MOVE);
        published = true;
        try (FileChannel directory = FileChannel.open(directory(), StandardOpenOption.READ)) {
            directory.force(true);
        }
    }

    @Override
    public void close() throws IOException {
        try (channel) {
            if (!published) {
                Files.deleteIfExists(partial);
            }
        }
    }

    /** Through a symlink to what it means; over anything but a plain file a rename would do harm. */
    private static Path finalName(Path name) throws IOException {
        if (!Files.exists(name)) {
            return name.toAbsolutePath();
        }
        if (Files.isDirectory(name)) {
            throw CommandFailure.local("cannot write " + name + ": it is a directory");
        }
        if (!Files.isRegularFile(name)) {
            throw CommandFailure.local(
                    "cannot write " + name + ": it is not a plain file", "Leave out -o and redirect standard output.");
        }
        return name.toRealPath();
    }

    private static void dropAbandoned(Path partial) throws IOException {
        try (FileChannel left = FileChannel.open(partial, StandardOpenOption.WRITE)) {
            if (lock(left).isEmpty()) {
                throw CommandFailure.local("cannot write " + partial + ": somebody else is writing it");
            }
            Files.deleteIfExists(partial);
        } catch (NoSuchFileException usual) {
            return;
        }
    }

    /** Empty where somebody else has the lock. */
    private static Optional<FileLock> lock(FileChannel channel) throws IOException {
        try {
            return Optional.ofNullable(channel.tryLock());
        } catch (OverlappingFileLockException ours) {
            return Optional.empty();
        }
    }

    private Path directory() throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new FileAlreadyExistsException(file.toString());
        }
        return parent;
    }
}
