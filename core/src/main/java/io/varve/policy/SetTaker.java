package io.varve.policy;

import io.varve.catalog.SnapshotGroup;
import io.varve.catalog.SnapshotRecord;
import io.varve.retention.Policy;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;

import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * Takes snapshots of all volumes of a store as one set: all or none, one right after the other. Each record names the set
 * from the beginning and, when all are taken, how long that took; a set without that was cut short by a crash, and goes
 * before the next is taken.
 */
final class SetTaker {
    private final VolumeWork work;
    private final HookRunner hooks;
    private final Taker taker;

    SetTaker(VolumeWork work, HookRunner hooks, Taker taker) {
        this.work = work;
        this.hooks = hooks;
        this.taker = taker;
    }

    List<RunReport.OfVolume> take(Policy policy, List<Volume> volumes) {
        Map<Volume, Snapshot> taken = new LinkedHashMap<>();
        try {
            settle(policy, volumes);
            HookRunner.Hooked<SnapshotGroup> hooked =
                    hooks.around(policy, volumes, () -> takeAll(policy, volumes, taken));
            taken.forEach((volume, snapshot) -> {
                Taker.note(volume, snapshot, hooked.reached());
                volume.group(snapshot.label(), hooked.result());
            });
            return taken.entrySet().stream()
                    .map(each -> Taker.report(
                            each.getKey(),
                            Optional.of(each.getValue().label()),
                            Optional.empty(),
                            Taker.failures(hooked)))
                    .toList();
        } catch (StorageException failure) {
            return undo(volumes, taken, failure);
        }
    }

    private SnapshotGroup takeAll(Policy policy, List<Volume> volumes, Map<Volume, Snapshot> taken) {
        SnapshotGroup group = new SnapshotGroup(UUID.randomUUID().toString(), volumes.size(), Optional.empty());
        long start = System.nanoTime();
        for (Volume volume : volumes) {
            taken.put(volume, take(policy, volume, group));
        }
        return group.whole(Duration.ofNanos(System.nanoTime() - start));
    }

    private Snapshot take(Policy policy, Volume volume, SnapshotGroup group) {
        try {
            return work.once(
                    policy.name(),
                    Taker.STEP,
                    volume,
                    () -> volume.snapshot(taker.request(policy, volume).in(group)));
        } catch (StorageException failure) {
            throw new StorageException(
                    failure.code(),
                    "no volume of store '" + volume.store() + "' was snapshotted, because they are taken together and '"
                            + volume.name() + "' could not be: " + failure.getMessage(),
                    failure);
        }
    }

    private static List<RunReport.OfVolume> undo(
            List<Volume> volumes, Map<Volume, Snapshot> taken, StorageException why) {
        List<RunReport.OfVolume> reports = new ArrayList<>();
        for (Volume volume : volumes) {
            List<RunReport.Failure> failures = new ArrayList<>(List.of(RunReport.Failure.of(Taker.STEP, why)));
            Optional.ofNullable(taken.get(volume))
                    .flatMap(snapshot -> remove(volume, snapshot.label()))
                    .ifPresent(failures::add);
            reports.add(Taker.report(volume, Optional.empty(), Optional.empty(), failures));
        }
        return reports;
    }

    /** Why it could not be removed; that of a set which is not whole is tried again before the next one. */
    private static Optional<RunReport.Failure> remove(Volume volume, SnapshotLabel label) {
        try {
            volume.removeSnapshot(label);
            return Optional.empty();
        } catch (StorageException failure) {
            return failure.code() == ErrorCode.SNAPSHOT_NOT_FOUND
                    ? Optional.empty()
                    : Optional.of(RunReport.Failure.of("undo", failure));
        }
    }

    /** Ends what a crash cut short: a set of which one knows that all were taken is whole, any other one goes. */
    private static void settle(Policy policy, List<Volume> volumes) {
        Map<Volume, List<SnapshotRecord>> members = new LinkedHashMap<>();
        volumes.forEach(volume -> members.put(volume, members(policy, volume)));
        Map<String, SnapshotGroup> whole = members.values().stream()
                .flatMap(List::stream)
                .flatMap(record -> record.group().stream())
                .filter(group -> group.skew().isPresent())
                .collect(Collectors.toMap(SnapshotGroup::id, Function.identity(), (one, same) -> one));
        members.forEach((volume, records) -> records.stream()
                .filter(record -> record.group().orElseThrow().skew().isEmpty())
                .forEach(record -> settle(volume, record, whole)));
    }

    private static void settle(Volume volume, SnapshotRecord record, Map<String, SnapshotGroup> whole) {
        SnapshotGroup group = whole.get(record.group().orElseThrow().id());
        if (group != null) {
            volume.group(record.label(), group);
        } else if (record.tags().isEmpty()) {
            remove(volume, record.label());
        }
    }

    private static List<SnapshotRecord> members(Policy policy, Volume volume) {
        return volume.snapshots().stream()
                .filter(Snapshot::valid)
                .map(Snapshot::record)
                .filter(record -> record.group().isPresent())
                .filter(record -> record.policy().equals(Optional.of(policy.name())))
                .toList();
    }
}
