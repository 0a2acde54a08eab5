package io.varve.linux;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.UUID;

/** Files that survive a power cut: whole in their old or their new form, never in between. */
public final class DurableFiles {
    /** What a writer that died leaves behind; readers pass such names over and the next open removes them. */
    public static final String TEMPORARY_SUFFIX = ".tmp";

    private DurableFiles() {}

    /** Writes to a temporary name, syncs, renames over the old file and syncs the directory. */
    public static void replace(Path file, byte[] content) throws IOException {
        Path temporary = temporary(file);
        try {
            writeNew(temporary, content);
            Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(temporary);
            throw failure;
        }
        syncDirectory(directory(file));
    }

    /**
     * Makes a file with this content and syncs the content; its name is durable once the directory is synced.
     *
     * @throws FileAlreadyExistsException where the file is there; it stays as it is
     */
    public static void writeNew(Path file, byte[] content) throws IOException {
        create(file, content, channel -> channel.force(true));
    }

    /**
     * Makes a file whose content is durable once the filesystem is committed, which the caller brings about next; syncs
     * the content where a commit would not take it along.
     *
     * <p>btrfs keeps a small file within its metadata, so that one commit makes the file and what comes with it durable
     * together, at half the cost of two syncs.
     *
     * @throws FileAlreadyExistsException where the file is there; it stays as it is
     */
    public static void writeNewBeforeCommit(Path file, byte[] content) throws IOException {
        create(file, content, channel -> {
            if (!isInMetadata(file)) {
                channel.force(true);
            }
        });
    }

    private static boolean isInMetadata(Path file) throws IOException {
        try (Descriptor written = Kernel.open(file, OpenFlag.READ, OpenFlag.NO_FOLLOW)) {
            return written.flushIntoMetadata();
        }
    }

    /** Deletes a file for good: after a power cut it is not back. An absent one is a success. */
    public static void delete(Path file) throws IOException {
        if (Files.deleteIfExists(file)) {
            syncDirectory(directory(file));
        }
    }

    /** What is done to a file that is written and open. */
    private interface Last {
        void to(FileChannel written) throws IOException;
    }

    private static void create(Path file, byte[] content, Last last) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
            fill(file, channel, ByteBuffer.wrap(content), last);
        }
    }

    private static void fill(Path file, FileChannel channel, ByteBuffer content, Last last) throws IOException {
        try {
            while (content.hasRemaining()) {
                channel.write(content);
            }
            last.to(channel);
        } catch (IOException | RuntimeException failure) {
            Files.deleteIfExists(file);
            throw failure;
        }
    }

    /** Makes the names inside a directory durable. */
    public static void syncDirectory(Path directory) throws IOException {
        try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Makes a directory and missing parents, each with its name durable; one that is there is fine. */
    public static void makeDirectories(Path directory) throws IOException {
        if (Files.isDirectory(directory)) {
            return;
        }
        Path parent = directory(directory);
        makeDirectories(parent);
        try {
            Files.createDirectory(directory);
        } catch (FileAlreadyExistsException existing) {
            if (!Files.isDirectory(directory)) {
                throw existing;
            }
        }
        syncDirectory(parent);
    }

    /** A name beside {@code file} that nothing else has. */
    public static Path temporary(Path file) {
        return file.resolveSibling("." + UUID.randomUUID() + TEMPORARY_SUFFIX);
    }

    private static Path directory(Path file) {
        Path parent = file.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(file + " has no directory");
        }
        return parent;
    }
}
