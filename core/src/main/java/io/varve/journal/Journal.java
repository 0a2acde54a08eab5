package io.varve.journal;

import io.varve.linux.DurableFiles;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Records in transit. A thing being made has its record here until the driver has made it, then the record moves into
 * the catalog; a thing being removed has its record moved here first. Both moves are one rename, so at any instant a
 * record is in exactly one place, and after a crash the entries that are left say what was under way.
 *
 * <p>Thread-safe.
 */
public final class Journal {
    private final Path directory;
    private final AtomicLong sequence;

    /**
     * One entry.
     *
     * @param file holds the record
     */
    public record Entry(Step step, Path file) {
        public byte[] content() throws IOException {
            return Files.readAllBytes(file);
        }
    }

    /** The directory exists; entries in it are pending. */
    public Journal(Path directory) throws IOException {
        this.directory = directory;
        this.sequence = new AtomicLong(highest(directory));
    }

    /**
     * Writes down that something with this record is about to be made.
     *
     * @param sync whether to make the entry durable now; not needed where the driver's next step commits the whole
     *     filesystem, the entry and what the driver made together
     */
    public Entry begin(Step step, byte[] content, boolean sync) throws IOException {
        Path file = next(step);
        while (!written(file, content, sync)) {
            file = next(step);
        }
        if (sync) {
            DurableFiles.syncDirectory(directory);
        }
        return new Entry(step, file);
    }

    /** False where somebody else has taken the number: an entry is never written over. */
    private static boolean written(Path file, byte[] content, boolean sync) throws IOException {
        try {
            if (sync) {
                DurableFiles.writeNew(file, content);
            } else {
                DurableFiles.writeNewBeforeCommit(file, content);
            }
            return true;
        } catch (FileAlreadyExistsException taken) {
            return false;
        }
    }

    /** Moves an existing record here: something is about to be removed. Needs no space on the disk. */
    public Entry take(Step step, Path existing) throws IOException {
        Path file = next(step);
        while (!moved(existing, file)) {
            file = next(step);
        }
        DurableFiles.syncDirectory(directory);
        return new Entry(step, file);
    }

    private static boolean moved(Path existing, Path file) throws IOException {
        try {
            Kernel.renameNew(existing, file);
            return true;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EEXIST) {
                return false;
            }
            throw failure;
        }
    }

    /**
     * What was to be removed stays: the record moves back to its place. Synced on both sides, since an entry that came
     * back after a power cut would carry the removal out.
     */
    public void giveBack(Entry entry, Path place) throws IOException {
        promote(entry, place);
        // A rename between two names of one file does nothing.
        Files.deleteIfExists(entry.file());
        DurableFiles.syncDirectory(place.resolveSibling(""));
        DurableFiles.syncDirectory(directory);
    }

    /** What was begun is done: the record moves to its place. Not synced: should the move be lost, it is done again. */
    public void promote(Entry entry, Path place) throws IOException {
        Files.move(entry.file(), place, StandardCopyOption.ATOMIC_MOVE);
    }

    /** What was begun is done, or undone, and leaves no record. Not synced, for the same reason. */
    public void drop(Entry entry) throws IOException {
        Files.deleteIfExists(entry.file());
    }

    /**
     * What was under way when the last process ended, oldest first. The newest may be torn, where the process died while
     * it wrote it; then nothing had been done yet.
     */
    public List<Entry> pending() throws IOException {
        List<Entry> entries = new ArrayList<>();
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                step(file).map(step -> new Entry(step, file)).ifPresent(entries::add);
            }
        }
        entries.sort(Comparator.comparingLong(entry -> number(entry.file())));
        return entries;
    }

    private Path next(Step step) {
        return directory.resolve(sequence.incrementAndGet() + step.suffix());
    }

    private static Optional<Step> step(Path file) {
        String name = file.getFileName().toString();
        for (Step step : Step.values()) {
            if (name.endsWith(step.suffix())) {
                return Optional.of(step);
            }
        }
        return Optional.empty();
    }

    private static long highest(Path directory) throws IOException {
        long highest = 0;
        try (DirectoryStream<Path> files = Files.newDirectoryStream(directory)) {
            for (Path file : files) {
                highest = Math.max(highest, number(file));
            }
        } catch (NoSuchFileException none) {
            return 0;
        }
        return highest;
    }

    private static long number(Path file) {
        String name = file.getFileName().toString();
        String digits = name.substring(0, Math.max(0, name.indexOf('.')));
        return digits.matches("[0-9]{1,18}") ? Long.parseLong(digits) : 0;
    }
}
