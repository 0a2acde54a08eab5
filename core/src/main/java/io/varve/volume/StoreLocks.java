package io.varve.volume;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;

/** Lets one thing at a time be done to the store of a name; who works on another name never waits. */
final class StoreLocks {
    private final Map<StoreName, ReentrantLock> locks = new ConcurrentHashMap<>();
    private final Duration patience;

    StoreLocks(Duration patience) {
        this.patience = patience;
    }

    /** @throws StorageException {@code BUSY} where the wait was too long */
    <T> T during(StoreName name, Supplier<T> work) {
        ReentrantLock lock = of(name);
        if (!acquire(lock)) {
            throw new StorageException(
                            ErrorCode.BUSY,
                            "store '" + name + "' is being opened or closed; where that goes on, the filesystem of its"
                                    + " root does not answer")
                    .with("store", name);
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    private boolean acquire(ReentrantLock lock) {
        try {
            return lock.tryLock(patience.toNanos(), TimeUnit.NANOSECONDS);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return false;
        }
    }

    /** Does nothing while somebody else is at it. */
    void ifFree(StoreName name, Runnable work) {
        ReentrantLock lock = of(name);
        if (lock.tryLock()) {
            try {
                work.run();
            } finally {
                lock.unlock();
            }
        }
    }

    private ReentrantLock of(StoreName name) {
        return locks.computeIfAbsent(name, absent -> new ReentrantLock());
    }
}
