package io.varve.policy;

import io.varve.retention.Policy;
import io.varve.spi.Consistency;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Snapshot;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Taking;
import io.varve.volume.Volume;

import java.time.Clock;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Takes a policy's snapshots. A volume that fails or is slow does not concern the others. */
final class Taker {
    static final String STEP = "take";

    private final VolumeWork work;
    private final HookRunner hooks;
    private final Clock clock;
    private final SetTaker sets;

    Taker(VolumeWork work, HookRunner hooks, Clock clock) {
        this.work = work;
        this.hooks = hooks;
        this.clock = clock;
        this.sets = new SetTaker(work, hooks, this);
    }

    RunReport take(Policy policy, List<Volume> governed) {
        if (policy.together()) {
            return new RunReport(
                    policy.name(),
                    governed.stream().collect(Collectors.groupingBy(Volume::store)).values().stream()
                            .flatMap(volumes -> sets.take(policy, volumes).stream())
                            .toList());
        }
        return new RunReport(policy.name(), work.each(governed, volume -> take(policy, volume)));
    }

    private RunReport.OfVolume take(Policy policy, Volume volume) {
        try {
            HookRunner.Hooked<Taking> hooked = work.once(
                    policy.name(),
                    STEP,
                    volume,
                    () -> hooks.around(policy, List.of(volume), () -> taking(policy, volume)));
            List<RunReport.Failure> failures = failures(hooked);
            return switch (hooked.result()) {
                case Taking.Taken(Snapshot snapshot) -> {
                    note(volume, snapshot, hooked.reached());
                    yield report(volume, Optional.of(snapshot.label()), Optional.empty(), failures);
                }
                case Taking.Unchanged(SnapshotLabel since) ->
                    report(volume, Optional.empty(), Optional.of(since), failures);
            };
        } catch (StorageException failure) {
            return report(volume, Optional.empty(), Optional.empty(), List.of(RunReport.Failure.of(STEP, failure)));
        }
    }

    static List<RunReport.Failure> failures(HookRunner.Hooked<?> hooked) {
        return hooked.failure().stream()
                .map(failure -> RunReport.Failure.of("after", failure))
                .toList();
    }

    /** Only now that it is known to have lasted. */
    static void note(Volume volume, Snapshot snapshot, Consistency reached) {
        if (reached != Consistency.CRASH) {
            volume.reached(snapshot.label(), reached);
        }
    }

    SnapshotRequest request(Policy policy, Volume volume) {
        return SnapshotRequest.byPolicy(policy.name(), label(policy, volume));
    }

    private Taking taking(Policy policy, Volume volume) {
        SnapshotRequest request = request(policy, volume);
        return policy.onlyIfChanged() ? volume.snapshotIfChanged(request) : new Taking.Taken(volume.snapshot(request));
    }

    /** A template may begin with the volume's name and {@code _}: that is the full spelling, here as everywhere. */
    private SnapshotLabel label(Policy policy, Volume volume) {
        return volume.label(
                policy.label().render(policy.name(), clock.instant()).value());
    }

    static RunReport.OfVolume report(
            Volume volume,
            Optional<SnapshotLabel> taken,
            Optional<SnapshotLabel> unchanged,
            List<RunReport.Failure> failures) {
        return new RunReport.OfVolume(volume.store(), volume.name(), taken, unchanged, List.of(), failures);
    }
}
