package io.varve.volume;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Supplier;

/** A lock for each name that is in use; who works on another name never waits. */
final class NameLocks<N> {
    private final Map<N, Object> locks = new ConcurrentHashMap<>();

    /** Does the work while nobody else works on this name. */
    <T> T during(N name, Supplier<T> work) {
        while (true) {
            Object lock = locks.computeIfAbsent(name, absent -> new Object());
            synchronized (lock) {
                // Whoever had the lock before has taken it away: then it keeps out nobody who comes now.
                if (locks.get(name) == lock) {
                    try {
                        return work.get();
                    } finally {
                        locks.remove(name);
                    }
                }
            }
        }
    }
}
