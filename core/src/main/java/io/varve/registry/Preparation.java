package io.varve.registry;

import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The directories and the lock a store needs; for a root that is refused after all they can be taken back. */
final class Preparation {
    private static final System.Logger LOG = System.getLogger(Preparation.class.getName());

    private final StoreLayout layout;
    private final Deque<Path> made = new ArrayDeque<>();
    private Optional<Descriptor> held = Optional.empty();

    Preparation(StoreLayout layout) {
        this.layout = layout;
    }

    /**
     * Makes what is missing and takes the lock.
     *
     * @throws StorageException {@code BUSY}
     */
    Descriptor run() throws IOException {
        makeDirectories();
        Descriptor lock = lock();
        held = Optional.of(lock);
        return lock;
    }

    private void makeDirectories() throws IOException {
        make(layout.root());
        List<Path> closed = List.of(layout.catalog(), layout.journal(), layout.driverPrivate());
        List<Path> all = new ArrayList<>(closed);
        all.add(layout.snapshots());
        for (Path directory : all) {
            if (make(directory)) {
                Kernel.setPermissions(directory, closed.contains(directory) ? 0700 : 0755);
            }
        }
    }

    /** False where it was there. */
    private boolean make(Path directory) throws IOException {
        List<Path> missing = new ArrayList<>();
        for (Path path = directory; path != null && !Files.exists(path); path = path.getParent()) {
            missing.addFirst(path);
        }
        missing.forEach(made::push);
        DurableFiles.makeDirectories(directory);
        return !missing.isEmpty();
    }

    /** The lock file's text is the process that has the lock, for the refusal of the next one. */
    private Descriptor lock() throws IOException {
        Path file = layout.home().resolve("lock");
        boolean fresh = !Files.exists(file);
        Descriptor lock = Kernel.open(file, OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.NO_FOLLOW);
        if (!lock.tryLock() || !isStill(file, lock)) {
            lock.close();
            throw new StorageException(
                    ErrorCode.BUSY, "the store at '" + layout.root() + "' is open in process " + holder(file));
        }
        if (fresh) {
            made.push(file);
        }
        sign(file);
        return lock;
    }

    /** The name of the process is for people; a store on a full disk opens without it, so that room can be made. */
    private static void sign(Path file) {
        try {
            Files.writeString(file, ProcessHandle.current().pid() + "\n", StandardCharsets.US_ASCII);
        } catch (IOException noSpace) {
            LOG.log(System.Logger.Level.WARNING, "cannot write who has the lock {0}: {1}", file, noSpace.getMessage());
        }
    }

    /** Whoever had the lock may have taken the file away, see {@link #undo}; then the lock is on nothing. */
    private static boolean isStill(Path file, Descriptor lock) throws IOException {
        return Kernel.exists(file) && Kernel.stat(file).inode() == lock.stat().inode();
    }

    private static String holder(Path file) throws IOException {
        String text = Files.exists(file) ? Files.readString(file, StandardCharsets.US_ASCII) : "";
        return text.isBlank() ? "(unknown)" : text.strip();
    }

    /** Removes what was made, newest first, as far as nobody has put anything into it, then gives the lock back. */
    void undo(Throwable cause) {
        try {
            for (Path path : made) {
                Files.deleteIfExists(path);
            }
        } catch (DirectoryNotEmptyException used) {
            // The driver's remains, or somebody else's: they stay, and so does what is above them.
        } catch (IOException failure) {
            cause.addSuppressed(failure);
        }
        held.ifPresent(Descriptor::close);
    }
}
