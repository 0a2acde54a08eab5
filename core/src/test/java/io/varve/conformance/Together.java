package io.varve.conformance;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/** Several threads that begin at the same moment. */
final class Together {
    private Together() {}

    /** What one of the threads does. */
    interface Task {
        void run(int number) throws Exception;
    }

    /** Runs the task in this many threads, numbered from 0, and waits for all; the first failure is thrown. */
    static void run(int threads, Task task) {
        CyclicBarrier start = new CyclicBarrier(threads);
        List<Future<?>> all = new ArrayList<>();
        try (ExecutorService pool = Executors.newFixedThreadPool(threads)) {
            for (int i = 0; i < threads; i++) {
                int number = i;
                all.add(pool.submit(() -> {
                    start.await();
                    task.run(number);
                    return number;
                }));
            }
        }
        all.forEach(Together::result);
    }

    static Object result(Future<?> future) {
        try {
            return future.get();
        } catch (ExecutionException failure) {
            throw new AssertionError("a thread failed: " + failure.getCause(), failure.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        }
    }
}
