package io.varve.driver.devicemapper;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.util.BitSet;

/**
 * The numbers of the thin devices of a pool: none is given twice while a device may have it, and they go up, so that one
 * that was given back comes again only after the last one. Thread-safe.
 */
final class DeviceNumbers {
    private final BitSet taken = new BitSet();
    private int last;

    /** Beyond the base image, as far as nothing else is known. */
    DeviceNumbers() {
        taken.set(0, StorePool.BASE + 1);
        last = StorePool.BASE;
    }

    /** A number that a device of the store has; the next one comes after it. */
    synchronized void know(int id) {
        taken.set(id);
        last = Math.max(last, id);
    }

    /** A number that somebody else's device has; it is passed over. False where it was known. */
    synchronized boolean passOver(int id) {
        boolean known = taken.get(id);
        taken.set(id);
        return !known;
    }

    /** @throws StorageException {@code NO_SPACE} where there is none left */
    synchronized int take(String action) {
        int next = taken.nextClearBit(last + 1);
        if (next > ThinPools.LAST_ID) {
            next = taken.nextClearBit(0);
        }
        if (next > ThinPools.LAST_ID) {
            throw new StorageException(
                    ErrorCode.NO_SPACE,
                    action + ": the pool has as many devices as it can number, " + next
                            + "; remove snapshots or volumes");
        }
        taken.set(next);
        last = next;
        return next;
    }

    synchronized void give(int id) {
        taken.clear(id);
    }
}
