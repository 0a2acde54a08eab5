package io.varve.conformance;

import io.varve.catalog.Hold;
import io.varve.catalog.MetadataName;
import io.varve.catalog.Tag;
import io.varve.conformance.Faults.Call;
import io.varve.conformance.Faults.Moment;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Operation;
import io.varve.volume.Snapshot;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.io.ByteArrayInputStream;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Several callers at once: each gets all of what was promised, or is told who is in the way. */
abstract class ConcurrencyPromises extends PromiseGroup {
    private static final int THREADS = 8;

    /** Tries; a refusal with this code is an answer too. */
    private static boolean succeeds(ErrorCode refusalAllowed, Runnable action) {
        try {
            action.run();
            return true;
        } catch (StorageException refusal) {
            assertThat(refusal.code()).as("%s", refusal).isEqualTo(refusalAllowed);
            return false;
        }
    }

    private static int successes(ErrorCode refusalAllowed, Together.Task task) {
        AtomicInteger count = new AtomicInteger();
        Together.run(THREADS, i -> {
            if (succeeds(refusalAllowed, () -> Unchecked.run(() -> task.run(i)))) {
                count.incrementAndGet();
            }
        });
        return count.get();
    }

    @Test
    void everySnapshotThatWasTakenIsThere(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "x");

        Together.run(THREADS, i -> {
            for (int round = 0; round < 3; round++) {
                volume.snapshot(SnapshotRequest.labelled("t" + i + "-" + round));
                volume.snapshot(SnapshotRequest.manual(Optional.empty(), "", List.of()));
            }
        });

        assertThat(Rig.validLabels(volume)).hasSize(THREADS * 6).doesNotHaveDuplicates();
        assertThat(Rig.labels(volume)).hasSize(THREADS * 6);
    }

    @Test
    void ofManyThatWantOneLabelOneGetsIt(Rig rig) {
        Volume volume = rig.volume("app");

        int taken = successes(ErrorCode.SNAPSHOT_EXISTS, i -> rig.snapshot(volume, "one"));

        assertThat(taken).isEqualTo(1);
        assertThat(Rig.validLabels(volume)).containsExactly("one");
    }

    @Test
    void ofManyThatWantOneTagOneGetsIt(Rig rig) {
        Volume volume = rig.volume("app");

        int taken = successes(ErrorCode.TAG_EXISTS, i -> rig.snapshot(volume, "s" + i, "tag"));

        assertThat(taken).isEqualTo(1);
        assertThat(volume.snapshots()).hasSize(1);
    }

    @Test
    void ofManyThatMakeOneVolumeOneDoes(Rig rig) {
        int made = successes(ErrorCode.VOLUME_EXISTS, i -> rig.volume("app"));

        assertThat(made).isEqualTo(1);
        assertThat(rig.store().volumes()).hasSize(1);
    }

    @Test
    void manyMayRemoveTheSameVolume(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "x");
        rig.snapshot(volume, "one");

        Together.run(THREADS, i -> rig.store().removeVolume(volume.name()));

        assertThat(rig.store().volumes()).isEmpty();
    }

    @Test
    void ofManyThatRemoveOneSnapshotOneDoes(Rig rig) {
        Volume volume = rig.volume("app");
        rig.snapshot(volume, "one");

        int removed = successes(ErrorCode.SNAPSHOT_NOT_FOUND, i -> volume.removeSnapshot(Rig.label("one")));

        assertThat(removed).isEqualTo(1);
        assertThat(volume.snapshots()).isEmpty();
    }

    @Test
    void noChangeOfARecordIsLost(Rig rig) {
        Volume volume = rig.volume("app");
        rig.snapshot(volume, "one", "first");

        Together.run(THREADS, i -> {
            for (int round = 0; round < 5; round++) {
                volume.tag(Rig.label("one"), Tag.of("t" + i + "-" + round));
                volume.hold(Rig.label("one"), "h" + i + "-" + round, "", Optional.empty());
            }
            volume.untag(Tag.of("t" + i + "-0"));
            volume.unhold(Rig.label("one"), "h" + i + "-0");
        });

        rig.reopen();
        Snapshot one = rig.find("app").snapshot(Rig.label("one"));
        assertThat(one.record().tags()).hasSize(1 + THREADS * 4).doesNotHaveDuplicates();
        assertThat(one.record().holds().stream().map(Hold::owner))
                .hasSize(THREADS * 4)
                .doesNotHaveDuplicates();
    }

    @Test
    void whoeverChangesASnapshotThatIsBeingRemovedIsRefusedOrStopsTheRemoval(Rig rig) {
        Volume volume = rig.volume("app");
        for (int round = 0; round < 10; round++) {
            String label = "s" + round;
            rig.snapshot(volume, label);
            AtomicInteger held = new AtomicInteger();
            Together.run(4, i -> {
                switch (i) {
                    case 0 -> succeeds(ErrorCode.HELD, () -> volume.removeSnapshot(Rig.label(label)));
                    case 1 -> succeeds(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.tag(Rig.label(label), Tag.of(label)));
                    case 2 -> succeeds(ErrorCode.SNAPSHOT_NOT_FOUND, () -> writeMetadata(volume, label));
                    default -> {
                        if (succeeds(ErrorCode.SNAPSHOT_NOT_FOUND, () -> hold(volume, label))) {
                            held.incrementAndGet();
                        }
                    }
                }
            });
            assertThat(Rig.validLabels(volume).contains(label)).isEqualTo(held.get() == 1);
        }
    }

    private static void hold(Volume volume, String label) {
        volume.hold(Rig.label(label), "me", "", Optional.empty());
    }

    private static void writeMetadata(Volume volume, String label) {
        volume.writeMetadata(Rig.label(label), MetadataName.of("name"), new ByteArrayInputStream(new byte[10_000]));
    }

    @Test
    void whatIsTakenWhileAVolumeIsRemovedIsRefusedOrGoesWithIt(Rig rig) {
        for (int round = 0; round < 5; round++) {
            Volume volume = rig.volume("app");
            rig.snapshot(volume, "one");
            Together.run(4, i -> {
                switch (i) {
                    case 0 -> rig.store().removeVolume(volume.name());
                    case 1 -> succeeds(ErrorCode.VOLUME_NOT_FOUND, () -> rig.snapshot(volume, "two", "tag"));
                    case 2 -> succeeds(ErrorCode.VOLUME_NOT_FOUND, () -> rig.rollback(volume, "one"));
                    default -> succeeds(ErrorCode.VOLUME_EXISTS, () -> rig.volume("app"));
                }
            });
            rig.store().removeVolume(volume.name());
            assertThat(rig.store().volumes()).isEmpty();
        }
    }

    @Test
    void aListingNeverShowsAnythingHalfMade(Rig rig) throws InterruptedException {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "x");
        Repeated listing = Repeated.start(() -> assertThat(volume.snapshots()).allMatch(Snapshot::valid));
        for (int i = 0; i < 10; i++) {
            rig.snapshot(volume, "s" + i);
            Snapshot undo = rig.rollback(volume, "s" + i).undo();
            volume.removeSnapshot(undo.label());
            volume.removeSnapshot(Rig.label("s" + i));
        }
        listing.end();
    }

    /** Stops the next snapshot inside the driver; gives what lets it go on. */
    private static CountDownLatch stopNextSnapshot(Rig rig, CountDownLatch reached) {
        CountDownLatch goOn = new CountDownLatch(1);
        rig.faults().at(Moment.BEFORE, Call.CREATE_SNAPSHOT, () -> {
            reached.countDown();
            Unchecked.run(() -> goOn.await(60, TimeUnit.SECONDS));
        });
        return goOn;
    }

    @Test
    void slowWorkOnOneVolumeDelaysNoOther(Rig rig) throws InterruptedException {
        Volume slow = rig.volume("slow");
        rig.snapshot(slow, "before");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = stopNextSnapshot(rig, reached);
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<?> taken = pool.submit(() -> rig.snapshot(slow, "long"));
            reached.await();
            try {
                Volume other = rig.volume("other");
                rig.snapshot(other, "one");
                rig.rollback(other, "one");
                other.removeSnapshot(Rig.label("one"));
                slow.tag(Rig.label("before"), Tag.of("tag"));
                assertThat(Rig.labels(slow)).containsExactly("before");
                assertThat(rig.store().status().space().total()).isPositive();
                rig.store().removeVolume(other.name());
                assertThat(taken.isDone()).isFalse();
            } finally {
                goOn.countDown();
            }
            Together.result(taken);
        }
        assertThat(Rig.validLabels(slow)).containsExactly("before", "long");
    }

    /** The two names have the same hash, in case that matters to somebody. */
    @Test
    void aSlowCreationDelaysNoOther(Rig rig) throws InterruptedException {
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        rig.faults().at(Moment.BEFORE, Call.CREATE_VOLUME, () -> {
            reached.countDown();
            Unchecked.run(() -> goOn.await(60, TimeUnit.SECONDS));
        });
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Future<?> slow = pool.submit(() -> rig.volume("Aa"));
            reached.await();
            Future<?> quick = pool.submit(() -> rig.volume("BB"));
            try {
                assertThat(quick).succeedsWithin(Duration.ofSeconds(20));
                assertThat(slow.isDone()).isFalse();
            } finally {
                goOn.countDown();
            }
            Together.result(slow);
        }
        assertThat(rig.store().volumes()).hasSize(2);
    }

    @Test
    void whoeverWaitsTooLongIsToldWhoIsAtIt(Rig rig) throws InterruptedException {
        rig.reopenWithPatience(Duration.ofMillis(200));
        Volume volume = rig.volume("app");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = stopNextSnapshot(rig, reached);
        try (ExecutorService pool = Executors.newSingleThreadExecutor()) {
            Future<?> taken = pool.submit(() -> rig.snapshot(volume, "long"));
            reached.await();
            try {
                assertRefused(ErrorCode.BUSY, () -> rig.snapshot(volume, "second"), "snapshot.create");
                assertRefused(ErrorCode.BUSY, () -> rig.store().removeVolume(volume.name()), "snapshot.create");
            } finally {
                goOn.countDown();
            }
            Together.result(taken);
        }
        assertThat(Rig.validLabels(volume)).containsExactly("long");
    }

    @Test
    void workThatWaitsCanBeCancelled(Rig rig) throws InterruptedException {
        Volume volume = rig.volume("app");
        CountDownLatch reached = new CountDownLatch(1);
        CountDownLatch goOn = stopNextSnapshot(rig, reached);
        try (ExecutorService pool = Executors.newFixedThreadPool(2)) {
            Future<?> taken = pool.submit(() -> rig.snapshot(volume, "long"));
            reached.await();
            Future<?> waiting =
                    pool.submit(() -> assertRefused(ErrorCode.CANCELLED, () -> rig.snapshot(volume, "second")));
            try {
                assertThat(rig.operations().cancel(runningOn(rig, "second"))).isTrue();
                Together.result(waiting);
            } finally {
                goOn.countDown();
            }
            Together.result(taken);
        }
        assertThat(Rig.validLabels(volume)).containsExactly("long");
    }

    private static String runningOn(Rig rig, String label) {
        while (true) {
            Optional<String> id = rig.operations().list().stream()
                    .filter(operation -> operation.subject().snapshot().equals(Optional.of(Rig.label(label))))
                    .map(Operation::id)
                    .findFirst();
            if (id.isPresent()) {
                return id.get();
            }
            Pause.briefly();
        }
    }

    @Test
    void aRootIsOpenOnceInAProcess(Rig rig) {
        rig.volume("app");

        assertRefused(
                ErrorCode.BUSY,
                () -> rig.root().openAgain(),
                rig.layout().root().toString(),
                Long.toString(ProcessHandle.current().pid()));

        rig.snapshot(rig.find("app"), "one");
    }

    @Test
    void aRootIsOpenInOneProcess(Rig rig) {
        rig.volume("app");
        try (Child other = Child.start(OpeningChild.class, rig.root())) {
            String answer = other.line("BUSY");

            assertThat(answer).contains(Long.toString(ProcessHandle.current().pid()));
        }
        rig.snapshot(rig.find("app"), "one");
    }
}
