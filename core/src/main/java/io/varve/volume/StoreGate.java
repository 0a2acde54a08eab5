package io.varve.volume;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.time.Duration;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** Lets work into a store until that closes; closing stops what runs and waits for it. Thread-safe. */
final class StoreGate {
    private static final long LONGEST_WAIT = TimeUnit.SECONDS.toNanos(20);

    private final StoreName store;
    private final BooleanSupplier well;
    private final Set<Pass> inside = new LinkedHashSet<>();
    private boolean closing;
    private boolean reopening;
    private boolean troubled;

    /** @param well whether the store's root can be worked with, looked at now */
    StoreGate(StoreName store, BooleanSupplier well) {
        this.store = store;
        this.well = well;
    }

    /** Somebody at work in the store; each one is itself alone. */
    private static final class Pass {
        private final String what;
        private final Runnable stop;

        Pass(String what, Runnable stop) {
            this.what = what;
            this.stop = stop;
        }
    }

    /**
     * Does work during which the store is open.
     *
     * @param what for people who want to close the store
     * @param stop asks the work to end early
     * @throws StorageException {@code STORE_NOT_FOUND} where the store is being closed, {@code BUSY} where that is for
     *     opening it anew
     */
    <T> T during(String what, Runnable stop, Supplier<T> work) {
        Pass pass = new Pass(what, stop);
        enter(pass);
        try {
            return work.get();
        } catch (StorageException failure) {
            note(failure);
            throw failure;
        } finally {
            leave(pass);
        }
    }

    /** What fails while the root is well, such as reading what a client sends, is undone where it failed. */
    private void note(StorageException failure) {
        if (failure.code() == ErrorCode.IO_FAILED && !well.getAsBoolean()) {
            trouble();
        }
    }

    /** Nobody knows how work ended. */
    synchronized void trouble() {
        troubled = true;
    }

    /** Whether work failed together with the root, and may be half done; only opening the store anew settles that. */
    synchronized boolean isTroubled() {
        return troubled;
    }

    private synchronized void enter(Pass pass) {
        if (reopening) {
            throw new StorageException(
                            ErrorCode.BUSY, "store '" + store + "' is being opened anew after a failure; try again")
                    .with("store", store);
        }
        if (closing) {
            throw new StorageException(ErrorCode.STORE_NOT_FOUND, "store '" + store + "' is closed or being closed")
                    .with("store", store);
        }
        inside.add(pass);
    }

    private synchronized void leave(Pass pass) {
        inside.remove(pass);
        notifyAll();
    }

    /**
     * Lets nobody in any more, asks all inside to stop and waits for them. Idempotent.
     *
     * @throws StorageException {@code SHUTDOWN_FAILED} where somebody stays for longer; the store is open again then
     */
    synchronized void close(Duration patience) {
        closing = true;
        inside.forEach(pass -> pass.stop.run());
        long end = System.nanoTime() + Math.min(LONGEST_WAIT, patience.toNanos());
        try {
            while (!inside.isEmpty() && System.nanoTime() - end < 0) {
                TimeUnit.NANOSECONDS.timedWait(this, Math.max(1, end - System.nanoTime()));
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        }
        if (!inside.isEmpty()) {
            closing = false;
            throw new StorageException(ErrorCode.SHUTDOWN_FAILED, stillBusy()).with("store", store);
        }
    }

    /** Lets nobody in any more, for the store will be opened anew; does nothing where somebody is inside. */
    synchronized boolean closeIfIdle() {
        reopening = inside.isEmpty() && !closing;
        return reopening;
    }

    private String stillBusy() {
        List<String> work = inside.stream().map(pass -> pass.what).limit(3).toList();
        return "store '" + store + "' cannot be closed: it was asked to stop but is still busy with "
                + String.join(", ", work) + "; it stays open, try again when that is done";
    }
}
