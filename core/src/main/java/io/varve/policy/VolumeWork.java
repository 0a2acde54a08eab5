package io.varve.policy;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;
import io.varve.volume.Volume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Does a policy's work on many volumes, some at a time; who takes long does not count among those, so that one slow volume
 * delays no other. A step of one policy never runs twice on one volume. Thread-safe.
 */
final class VolumeWork {
    /** How many volumes are worked on at a time. */
    static final int AT_ONCE = 4;

    private final Duration slow;
    private final ExecutorService workers = Executors.newCachedThreadPool(
            Thread.ofPlatform().name("policy-", 0).daemon().factory());
    private final Set<Step> underWay = ConcurrentHashMap.newKeySet();

    private record Step(String policy, String step, StoreName store, VolumeName volume) {}

    /** @param slow after this time the next volume's turn comes, whoever still works */
    VolumeWork(Duration slow) {
        this.slow = slow;
    }

    /** What the work makes of each volume, in their order; waits for all. An exception of one is thrown when all are done. */
    <T> List<T> each(List<Volume> volumes, Function<Volume, T> work) {
        Semaphore places = new Semaphore(AT_ONCE);
        List<Future<T>> results = new ArrayList<>();
        for (Volume volume : volumes) {
            awaitPlace(places);
            Callable<T> task = () -> {
                try {
                    return work.apply(volume);
                } finally {
                    places.release();
                }
            };
            results.add(workers.submit(task));
        }
        return results.stream().map(VolumeWork::result).toList();
    }

    /** Where nobody leaves for too long, their places are given out once more. */
    private void awaitPlace(Semaphore places) {
        try {
            boolean got = places.tryAcquire(slow.toNanos(), TimeUnit.NANOSECONDS);
            if (!got) {
                places.release(AT_ONCE - 1);
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(ErrorCode.CANCELLED, "interrupted while volumes were worked on", interrupted);
        }
    }

    private static <T> T result(Future<T> work) {
        try {
            return work.get();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new StorageException(ErrorCode.CANCELLED, "interrupted while volumes were worked on", interrupted);
        } catch (ExecutionException failure) {
            if (failure.getCause() instanceof RuntimeException unexpected) {
                throw unexpected;
            }
            throw new IllegalStateException(failure.getCause());
        }
    }

    /** Does a step unless it is being done. @throws StorageException {@code BUSY} */
    <T> T once(String policy, String step, Volume volume, Supplier<T> work) {
        Step key = new Step(policy, step, volume.store(), volume.name());
        if (!underWay.add(key)) {
            throw new StorageException(
                            ErrorCode.BUSY,
                            "an earlier run of policy '" + policy + "' is still at it (" + step
                                    + "); this one is left out")
                    .with("policy", policy);
        }
        try {
            return work.get();
        } finally {
            underWay.remove(key);
        }
    }
}
