package io.varve.conformance;

import io.varve.conformance.Faults.Call;
import io.varve.conformance.Faults.Moment;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** A store that closes lets nobody in, stops what runs and waits for it; the root is free when nobody is at work there. */
abstract class ClosingPromises extends PromiseGroup {
    /** Holds the next snapshot up inside the driver. */
    private static CountDownLatch holdUpNextSnapshot(Rig rig, CountDownLatch reached) {
        CountDownLatch goOn = new CountDownLatch(1);
        rig.faults().at(Moment.BEFORE, Call.CREATE_SNAPSHOT, () -> {
            reached.countDown();
            Unchecked.run(() -> goOn.await(60, TimeUnit.SECONDS));
        });
        return goOn;
    }

    private static void takeUnlessStopped(Rig rig, Volume volume) {
        try {
            rig.snapshot(volume, "long");
        } catch (StorageException stopped) {
            assertThat(stopped.code()).isEqualTo(ErrorCode.CANCELLED);
        }
    }

    @Test
    void closingWaitsForWhatRunsAndLetsNothingBegin(Rig rig) throws InterruptedException {
        Volume volume = rig.volume("app");
        rig.snapshot(volume, "before");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = holdUpNextSnapshot(rig, reached);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Future<?> taken = pool.submit(() -> takeUnlessStopped(rig, volume));
            reached.await();
            Future<?> closed = pool.submit(() -> rig.store().close());
            try {
                refusedSoon(rig, volume);
                assertThat(closed.isDone()).isFalse();
                assertRefused(ErrorCode.BUSY, () -> rig.root().openAgain());
            } finally {
                goOn.countDown();
            }
            Together.result(closed);
            Together.result(taken);
        }
        rig.reopen();
        assertThat(Rig.validLabels(rig.find("app"))).startsWith("before");
    }

    /** Everything is refused from some moment on. */
    private static void refusedSoon(Rig rig, Volume volume) {
        while (rig.operations().list().stream().noneMatch(each -> each.cancelled())) {
            Pause.briefly();
        }
        assertRefused(ErrorCode.STORE_NOT_FOUND, () -> rig.volume("other"), "closed");
        assertRefused(ErrorCode.STORE_NOT_FOUND, () -> volume.removeSnapshot(Rig.label("before")), "closed");
        assertRefused(
                ErrorCode.STORE_NOT_FOUND, () -> volume.reading(Rig.label("before"), Path::getFileName), "closed");
    }

    @Test
    void whatDoesNotStopKeepsTheStoreOpen(Rig rig) throws InterruptedException {
        rig.reopenWithPatience(Duration.ofMillis(200));
        Volume volume = rig.volume("app");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = holdUpNextSnapshot(rig, reached);
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<?> taken = pool.submit(() -> takeUnlessStopped(rig, volume));
            reached.await();
            try {
                assertRefused(ErrorCode.SHUTDOWN_FAILED, () -> rig.store().close(), "tried", "snapshot.create");
                assertRefused(ErrorCode.BUSY, () -> rig.root().openAgain());
                rig.volume("other");
            } finally {
                goOn.countDown();
            }
            Together.result(taken);
        }
        rig.store().close();
        rig.store().close();
        rig.reopen();
    }

    @Test
    void closingAnIdleStoreFreesItsRoot(Rig rig) {
        Volume volume = rig.volume("app");

        rig.store().close();

        rig.root().openAgain();
        assertRefused(ErrorCode.STORE_NOT_FOUND, () -> rig.snapshot(volume, "late"));
        rig.reopen();
    }
}
