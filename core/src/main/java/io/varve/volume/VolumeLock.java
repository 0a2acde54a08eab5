package io.varve.volume;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one operation at a time change a volume's trees; the next one waits for a while, then is told who is at it. */
final class VolumeLock {
    private final ReentrantLock lock = new ReentrantLock(true);
    private final Duration patience;
    private volatile String holder = "";

    VolumeLock(Duration patience) {
        this.patience = patience;
    }

    /**
     * Does the work while nobody else is at the volume.
     *
     * @throws StorageException {@code BUSY} where the wait was too long, {@code CANCELLED}
     */
    <T> T during(Operation operation, Supplier<T> work) {
        acquire(operation);
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /** Does work that must be done, however long others are at the volume. */
    <T> T afterOthers(Operation operation, Supplier<T> work) {
        lock.lock();
        try {
            holder = operation.name();
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private void acquire(Operation operation) {
        try {
            long end = System.nanoTime() + patience.toNanos();
            while (!lock.tryLock(100, TimeUnit.MILLISECONDS)) {
                Work.checkpoint(operation);
                if (System.nanoTime() - end > 0) {
                    throw new StorageException(
                            ErrorCode.BUSY, "the volume is busy with " + holder + "; try again later");
                }
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(ErrorCode.CANCELLED, "interrupted while waiting for the volume", interrupted);
        }
        holder = operation.name();
    }
}
