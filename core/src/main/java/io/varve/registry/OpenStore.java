package io.varve.registry;

import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.spi.Driver;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;

/** A driver at work on a root that this process alone has. */
public final class OpenStore implements AutoCloseable {
    private final StoreLayout layout;
    private final Map<String, String> options;
    private final Driver driver;
    private final Optional<UUID> id;
    private final Directory home;
    private final Runnable release;
    private final AtomicBoolean released = new AtomicBoolean();

    /** A directory, whatever is mounted over its path. It stays the same as long as a file inside is open: our lock. */
    private record Directory(long device, long inode) {
        static Directory of(StoreLayout layout) throws IOException {
            FileStat stat = Kernel.stat(layout.home());
            return new Directory(stat.device(), stat.inode());
        }
    }

    /** @param release lets others have the root; called once */
    OpenStore(StoreLayout layout, Map<String, String> options, Driver driver, Runnable release) throws IOException {
        this.layout = layout;
        this.options = Map.copyOf(options);
        this.driver = driver;
        this.id = new FlagFile(layout).id();
        this.home = Directory.of(layout);
        this.release = release;
    }

    public StoreLayout layout() {
        return layout;
    }

    public Map<String, String> options() {
        return options;
    }

    public Driver driver() {
        return driver;
    }

    /** Which store this is, wherever it is mounted; empty for one whose flag file does not say. */
    public Optional<UUID> id() {
        return id;
    }

    /** Why the root is not the directory that was opened, for people; empty where it is. One system call. */
    public Optional<String> absence() {
        try {
            return Directory.of(layout).equals(home)
                    ? Optional.empty()
                    : Optional.of("another filesystem is at the root '" + layout.root()
                            + "'; mount the right one there, or remove the store and add it again");
        } catch (KernelException failure) {
            return Optional.of(absence(failure));
        } catch (IOException failure) {
            return Optional.of("the root '" + layout.root() + "' cannot be looked at: " + failure.getMessage());
        }
    }

    private String absence(KernelException failure) {
        return switch (failure.errno()) {
            case ETIMEDOUT ->
                "the server of the root '" + layout.root() + "' does not answer (" + failure.getMessage()
                        + "); the store works again as soon as it does";
            case ESTALE ->
                "the server of the root '" + layout.root() + "' no longer knows it (" + failure.getMessage()
                        + "): it was moved, removed or withdrawn there; bring it back there, or mount it again here";
            default ->
                "the root '" + layout.root() + "' is gone or not mounted (" + failure.getMessage()
                        + "); mount it again";
        };
    }

    /**
     * Must be asked before the root is read or written: beneath a mount point may be an empty directory, or another
     * store's.
     *
     * @throws StorageException {@code IO_FAILED} where the root is not the directory that was opened
     */
    public void requirePresent() {
        absence().ifPresent(reason -> {
            throw new StorageException(ErrorCode.IO_FAILED, reason);
        });
    }

    /**
     * Closes the driver and lets others have the root; where the driver fails to close, the root stays ours. Idempotent.
     */
    @Override
    public void close() {
        driver.close();
        if (released.compareAndSet(false, true)) {
            release.run();
        }
    }
}
