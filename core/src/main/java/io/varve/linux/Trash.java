package io.varve.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;

/**
 * A directory into which trees are renamed to be removed in the background: whatever its size, a tree is gone from its
 * place at once, whole and durably, also on a full disk.
 *
 * <p>Removal never crosses a mount ({@link Trees#remove(Path)}). What a killed process left behind is removed after
 * the next {@link #open}. Any thread.
 */
public final class Trash implements AutoCloseable {
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Duration PAUSE = Duration.ofMillis(200);
    private static final int ATTEMPTS = 10;

    private final Path directory;
    private final Duration patience;
    // A thread of the platform: calls into the C library would hold a virtual thread's carrier for the whole removal.
    private final ExecutorService worker = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().daemon().name("varve-trash").factory());
    private final Map<Path, String> failures = new ConcurrentSkipListMap<>();
    private volatile boolean stopped;

    private Trash(Path directory, Duration patience) {
        this.directory = directory;
        this.patience = patience;
    }

    /** Makes the directory where it is missing and begins to remove what is in it. */
    public static Trash open(Path directory) throws IOException {
        return open(directory, PATIENCE);
    }

    /** @param patience how long {@link #close} lets a removal go on */
    static Trash open(Path directory, Duration patience) throws IOException {
        DurableFiles.makeDirectories(directory);
        Trash trash = new Trash(directory, patience);
        try (DirectoryStream<Path> left = Files.newDirectoryStream(directory)) {
            left.forEach(trash::removeLater);
        }
        return trash;
    }

    /**
     * Takes a tree or file away. When this returns, the name is gone durably; freeing the space goes on. An absent one
     * is a success.
     *
     * @param tree on the filesystem of the trash
     * @throws KernelException EBUSY where a mount point is the tree itself, EXDEV where it is on another filesystem
     */
    public void discard(Path tree) throws IOException {
        Path name = directory.resolve(UUID.randomUUID().toString());
        if (move(tree, name)) {
            syncParent(tree);
            removeLater(name);
        }
    }

    private static boolean move(Path tree, Path name) throws IOException {
        try {
            makeMovable(tree);
            Kernel.renameNew(tree, name);
            return true;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT) {
                return false;
            }
            throw failure;
        }
    }

    /** Without root, the kernel moves a directory to another parent only where its owner may write to it. */
    private static void makeMovable(Path tree) throws IOException {
        int ownerAll = 0700;
        FileStat stat = Kernel.stat(tree);
        if (stat.isDirectory() && (stat.permissions() & ownerAll) != ownerAll && !Kernel.isRoot()) {
            Kernel.setPermissions(tree, stat.permissions() | ownerAll);
        }
    }

    /** By system calls alone: those of the JDK fail in a thread that was interrupted, and clean-up runs in such. */
    private static void syncParent(Path tree) throws IOException {
        Path parent = tree.getParent();
        if (parent == null) {
            throw new IllegalArgumentException(tree + " has no directory");
        }
        try (Descriptor open = Kernel.open(parent, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            open.sync();
        }
    }

    private synchronized void removeLater(Path name) {
        if (!worker.isShutdown()) {
            worker.execute(() -> remove(name));
        }
    }

    private void remove(Path name) {
        for (int attempt = 1; !stopped; attempt++) {
            try {
                Trees.remove(name, () -> stopped);
                failures.remove(name);
                return;
            } catch (InterruptedIOException stop) {
                return;
            } catch (IOException failure) {
                failures.put(name, "cannot remove " + name + ": " + failure.getMessage());
                if (attempt == ATTEMPTS || !mayPass(failure)) {
                    return;
                }
            }
            pause();
        }
    }

    /** A program that was killed a moment ago may still be writing its last file. */
    private static boolean mayPass(IOException failure) {
        return failure instanceof KernelException kernel
                && (kernel.errno() == Errno.ENOTEMPTY || kernel.errno() == Errno.ENOENT);
    }

    private static void pause() {
        try {
            Thread.sleep(PAUSE);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
    }

    /** What could not be removed and why, for people; tried again at the next open. */
    public List<String> failures() {
        return List.copyOf(failures.values());
    }

    /** Lets removals go on for a few seconds, then stops them; the next open goes on. Idempotent. */
    @Override
    public void close() {
        synchronized (this) {
            worker.shutdown();
        }
        try {
            if (worker.awaitTermination(patience.toMillis(), TimeUnit.MILLISECONDS)) {
                return;
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        stopped = true;
        joinStopped();
    }

    /** A stopped removal ends before its next name. */
    private void joinStopped() {
        boolean interrupted = Thread.interrupted();
        try {
            worker.awaitTermination(1, TimeUnit.MINUTES);
        } catch (InterruptedException again) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
