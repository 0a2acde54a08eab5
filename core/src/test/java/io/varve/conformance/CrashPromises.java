package io.varve.conformance;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Random;
import java.util.stream.Stream;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** A process that dies or a driver that fails at any moment: what was acknowledged is there, nothing half-made is. */
abstract class CrashPromises extends PromiseGroup {
    private static final long SEED = 20260329;
    private static final int ROUNDS = 5;
    private static final int MOST_STEPS = 100;

    @Test
    void whatAKilledProcessHadAcknowledgedIsThereAndWhole(DriverFixture fixture) {
        Path root = fixture.newRoot();
        Random random = new Random(SEED);
        CrashHistory history = new CrashHistory();
        for (int round = 1; round <= ROUNDS; round++) {
            try (Child child = Child.start(CrashChild.class, fixture, root, Long.toString(round))) {
                child.line("READY");
                Pause.of(Duration.ofMillis(random.nextLong(20, 600)));
                history.replay(child.kill());
            }
            try (Rig rig = openAfterDeath(fixture, root)) {
                CrashChild.FILES.forEach(file -> rig.mine(file.split("/", 2)[0]));
                history.verify(rig);
                rig.checkInvariants();
                history = CrashHistory.of(rig);
            }
        }
    }

    /** A program that the dead process was just starting has its files, the lock among them, until it really runs. */
    private static Rig openAfterDeath(DriverFixture fixture, Path root) {
        long end = System.nanoTime() + Duration.ofSeconds(10).toNanos();
        while (true) {
            try {
                return new Rig(fixture, root);
            } catch (StorageException refusal) {
                if (refusal.code() != ErrorCode.BUSY || System.nanoTime() > end) {
                    throw refusal;
                }
                Pause.briefly();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void deathBeforeTheDriverBeginsLeavesOldOrNew(Deed deed, Rig rig) {
        deed.prepare(rig);
        rig.faults().dieAt(Faults.Moment.BEFORE, deed.call());

        assertDies(() -> deed.act(rig));

        rig.reopen();
        assertThat(deed.done(rig)).isIn(true, false);
    }

    @ParameterizedTest
    @EnumSource
    void deathAfterTheDriverIsDoneLeavesTheNew(Deed deed, Rig rig) {
        deed.prepare(rig);
        rig.faults().dieAt(Faults.Moment.AFTER, deed.call());

        assertDies(() -> deed.act(rig));

        rig.reopen();
        assertThat(deed.done(rig)).isTrue();
    }

    private static void assertDies(Runnable action) {
        try {
            action.run();
        } catch (Faults.Death expected) {
            return;
        }
        throw new AssertionError("it went through");
    }

    /** Where the driver tells its steps, it dies at each of them. */
    @TestFactory
    Stream<DynamicTest> deathInsideTheDriverLeavesOldOrNew(DriverFixture fixture) {
        return fixture.crashPoints().stream().flatMap(points -> Stream.of(Deed.values())
                .map(deed -> DynamicTest.dynamicTest(deed.name(), () -> dieEverywhere(fixture, points, deed))));
    }

    private static void dieEverywhere(DriverFixture fixture, CrashPoints points, Deed deed) {
        int step = 1;
        while (dies(fixture, points, deed, step)) {
            assertThat(++step).isLessThan(MOST_STEPS);
        }
        assertThat(step).as("steps").isGreaterThan(1);
    }

    private static boolean dies(DriverFixture fixture, CrashPoints points, Deed deed, int step) {
        try (Rig rig = new Rig(fixture, fixture.newRoot())) {
            deed.prepare(rig);
            points.dieAt(step, new Faults.Death());
            try {
                deed.act(rig);
                return false;
            } catch (Faults.Death expected) {
                points.live();
                rig.reopen();
                assertThat(deed.done(rig)).isIn(true, false);
                rig.checkInvariants();
                return true;
            } finally {
                points.live();
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void aFailureBeforeTheDriverBeginsChangesNothingAndTheNextTryWorks(Deed deed, Rig rig) {
        deed.prepare(rig);
        rig.faults().failAt(Faults.Moment.BEFORE, deed.call());

        assertRefused(ErrorCode.IO_FAILED, () -> deed.act(rig), "injected failure");

        assertThat(deed.done(rig)).isFalse();
        assertThat(Invariants.list(rig.layout().journal())).isEmpty();
        deed.act(rig);
        assertThat(deed.done(rig)).isTrue();
    }

    @ParameterizedTest
    @EnumSource
    void aFailureAfterTheDriverIsDoneIsSettledAtTheNextOpening(Deed deed, Rig rig) {
        deed.prepare(rig);
        rig.faults().failAt(Faults.Moment.AFTER, deed.call());

        assertRefused(ErrorCode.IO_FAILED, () -> deed.act(rig), "injected failure");

        rig.snapshot(rig.volume("unconcerned"), "one");
        rig.reopen();
        assertThat(deed.done(rig)).isTrue();
    }

    @ParameterizedTest
    @EnumSource(names = {"REMOVE_VOLUME", "REMOVE_SNAPSHOT"})
    void aRemovalThatFailedAtItsEndIsNoMoreThanRepeated(Deed deed, Rig rig) {
        deed.prepare(rig);
        rig.faults().failAt(Faults.Moment.AFTER, deed.call());
        assertRefused(ErrorCode.IO_FAILED, () -> deed.act(rig));

        deed.actAgain(rig);

        assertThat(deed.done(rig)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({"1", "2", "3"})
    void aVolumeWhoseRemovalStoppedHalfwayIsRemovedAtTheNextOpening(int snapshotsLeft, Rig rig) {
        Deed.REMOVE_VOLUME.prepare(rig);
        rig.faults().dieAt(Faults.Moment.BEFORE, Faults.Call.DELETE_SNAPSHOT);
        for (int i = 0; i < snapshotsLeft; i++) {
            rig.snapshot(rig.find("app"), "more" + i);
        }

        assertDies(() -> Deed.REMOVE_VOLUME.act(rig));

        rig.reopen();
        assertThat(Deed.REMOVE_VOLUME.done(rig)).isTrue();
    }
}
