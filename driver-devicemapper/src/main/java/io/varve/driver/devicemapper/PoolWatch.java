package io.varve.driver.devicemapper;

import io.varve.linux.Errno;
import io.varve.linux.KernelException;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.time.Duration;

/** Looks at a pool every second, so that it has grown before those who write to volumes have filled it. */
final class PoolWatch implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(PoolWatch.class.getName());
    private static final Duration PAUSE = Duration.ofSeconds(1);

    private final PoolGrowth growth;
    private final Thread thread;
    private String lastFailure = "";

    PoolWatch(String pool, PoolGrowth growth) {
        this.growth = growth;
        this.thread = Thread.ofPlatform().daemon().name("watch-" + pool).unstarted(this::run);
    }

    void start() {
        thread.start();
    }

    private void run() {
        try {
            while (look()) {
                Thread.sleep(PAUSE);
            }
        } catch (InterruptedException end) {
            Thread.currentThread().interrupt();
        }
    }

    /** False where the pool is gone. */
    private boolean look() {
        try {
            growth.run();
            lastFailure = "";
        } catch (ClosedByInterruptException end) {
            return false;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENXIO || failure.errno() == Errno.EBADF) {
                return false;
            }
            tell(failure);
        } catch (IOException | RuntimeException failure) {
            tell(failure);
        }
        return true;
    }

    /** Once, not every second. */
    private void tell(Exception failure) {
        String text = String.valueOf(failure.getMessage());
        if (!text.equals(lastFailure)) {
            lastFailure = text;
            LOG.log(System.Logger.Level.WARNING, "a thin pool cannot be looked after: " + text);
        }
    }

    /** Ends it, and waits until it did. */
    @Override
    public void close() {
        thread.interrupt();
        boolean interrupted = false;
        try {
            thread.join();
        } catch (InterruptedException hurry) {
            interrupted = true;
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
