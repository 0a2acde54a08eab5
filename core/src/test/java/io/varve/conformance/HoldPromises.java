package io.varve.conformance;

import io.varve.catalog.Hold;
import io.varve.spi.ErrorCode;
import io.varve.volume.Volume;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

import static io.varve.conformance.Refusals.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

/** Holds: leases that keep a snapshot from being removed. */
abstract class HoldPromises extends PromiseGroup {
    private static final Optional<Instant> FOR_EVER = Optional.empty();

    /** A volume {@code app} with a snapshot {@code one}. */
    private static Volume volume(Rig rig) {
        Volume volume = rig.volume("app");
        rig.write(volume, "file", "kept");
        rig.snapshot(volume, "one");
        return volume;
    }

    @Test
    void aHeldSnapshotIsNotRemoved(Rig rig) {
        Volume volume = volume(rig);

        volume.hold(Rig.label("one"), "backup@host", "copying", FOR_EVER);

        assertRefused(ErrorCode.HELD, () -> volume.removeSnapshot(Rig.label("one")), "one", "backup@host", "copying");
        rig.reopen();
        assertRefused(ErrorCode.HELD, () -> rig.find("app").removeSnapshot(Rig.label("one")));
        assertThat(rig.read(rig.find("app"), "one", "file")).isEqualTo("kept");
    }

    @Test
    void aVolumeWithAHeldSnapshotLosesNothing(Rig rig) {
        Volume volume = volume(rig);
        rig.snapshot(volume, "two");
        volume.hold(Rig.label("two"), "me", "", FOR_EVER);

        assertRefused(ErrorCode.HELD, () -> rig.store().removeVolume(volume.name()), "two", "me");

        assertThat(Rig.validLabels(volume)).containsExactly("one", "two");
        assertThat(rig.read(volume, "file")).isEqualTo("kept");
        volume.unhold(Rig.label("two"), "me");
        rig.store().removeVolume(volume.name());
    }

    @Test
    void whenTheLastHoldIsGivenBackItCanBeRemoved(Rig rig) {
        Volume volume = volume(rig);
        volume.hold(Rig.label("one"), "first", "", FOR_EVER);
        volume.hold(Rig.label("one"), "second", "", FOR_EVER);

        volume.unhold(Rig.label("one"), "first");
        assertRefused(ErrorCode.HELD, () -> volume.removeSnapshot(Rig.label("one")), "second");
        volume.unhold(Rig.label("one"), "second");

        volume.removeSnapshot(Rig.label("one"));
        assertThat(volume.snapshots()).isEmpty();
    }

    @Test
    void aHoldEndsAtItsTime(Rig rig) {
        Volume volume = volume(rig);
        Instant end = rig.clock().instant().plus(Duration.ofHours(1));
        volume.hold(Rig.label("one"), "me", "", Optional.of(end));

        rig.clock().pass(Duration.ofHours(1).minusNanos(1));
        assertRefused(ErrorCode.HELD, () -> volume.removeSnapshot(Rig.label("one")), end.toString());
        rig.clock().pass(Duration.ofNanos(1));

        volume.removeSnapshot(Rig.label("one"));
        assertThat(volume.snapshots()).isEmpty();
    }

    @Test
    void holdingAgainRenewsTheLease(Rig rig) {
        Volume volume = volume(rig);
        Instant soon = rig.clock().instant().plusSeconds(1);

        volume.hold(Rig.label("one"), "me", "first", Optional.of(soon));
        volume.hold(volume.label("app_one"), "me", "again", FOR_EVER);

        Hold expected = new Hold("me", "again", rig.clock().instant(), FOR_EVER);
        rig.reopen();
        assertThat(rig.find("app").snapshot(Rig.label("one")).record().holds()).containsExactly(expected);
    }

    @Test
    void givingBackAHoldThatIsNotThereIsNotFound(Rig rig) {
        Volume volume = volume(rig);
        volume.hold(Rig.label("one"), "me", "", FOR_EVER);

        assertRefused(ErrorCode.NOT_FOUND, () -> volume.unhold(Rig.label("one"), "you"), "one", "you");
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.unhold(Rig.label("no"), "me"));
        assertRefused(ErrorCode.SNAPSHOT_NOT_FOUND, () -> volume.hold(Rig.label("no"), "me", "", FOR_EVER));
        assertRefused(ErrorCode.NAME_INVALID, () -> volume.hold(Rig.label("one"), "a/b", "", FOR_EVER));
    }

    @Test
    void aHeldSnapshotCanStillBeUsed(Rig rig) {
        Volume volume = volume(rig);
        volume.hold(Rig.label("one"), "me", "", FOR_EVER);
        rig.write(volume, "file", "changed");

        rig.rollback(volume, "one");

        assertThat(rig.read(volume, "file")).isEqualTo("kept");
        assertThat(volume.snapshot(Rig.label("one")).record().holds()).hasSize(1);
    }
}
