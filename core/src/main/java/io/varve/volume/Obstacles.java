package io.varve.volume;

import io.varve.catalog.Hold;
import io.varve.linux.MountTable;
import io.varve.spi.ErrorCode;
import io.varve.spi.RemovalCheck;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What stands in the way of removing a volume or a snapshot, said before anything is touched. */
final class Obstacles {
    private static final int NAMED = 5;

    private final VolumeParts volume;

    Obstacles(VolumeParts volume) {
        this.volume = volume;
    }

    /** Everything there is, for people. */
    List<String> of(Snapshot snapshot) {
        List<String> all = holds(snapshot);
        all.addAll(reading(snapshot.label()));
        all.addAll(inTheTrees(false, List.of(snapshot)));
        return all;
    }

    /** Everything there is for the head and these snapshots. */
    List<String> ofVolume(List<Snapshot> snapshots) {
        List<String> all = new ArrayList<>();
        for (Snapshot snapshot : snapshots) {
            all.addAll(holds(snapshot));
            all.addAll(reading(snapshot.label()));
        }
        all.addAll(underWay());
        all.addAll(inTheTrees(true, snapshots));
        return all;
    }

    /**
     * What records and memory know; asked in the moment in which the snapshot is taken away.
     *
     * @throws StorageException {@code HELD}, {@code BUSY}
     */
    void requireFree(Snapshot snapshot) {
        refuse(ErrorCode.HELD, snapshot.label(), holds(snapshot), "release the hold first");
        refuse(ErrorCode.BUSY, snapshot.label(), reading(snapshot.label()), "try again when that is done");
    }

    private void refuse(ErrorCode code, SnapshotLabel label, List<String> obstacles, String what) {
        if (!obstacles.isEmpty()) {
            throw volume.about(label, new StorageException(code, some(obstacles) + "; " + what));
        }
    }

    /** @throws StorageException {@code BUSY} where something is being made in the volume */
    void requireNothingUnderWay() {
        List<String> imports = underWay();
        if (!imports.isEmpty()) {
            throw new StorageException(ErrorCode.BUSY, some(imports) + "; cancel that or try again when it is done");
        }
    }

    /**
     * What the disk knows.
     *
     * @param head whether the head is to go too
     * @throws StorageException {@code BUSY} names all
     */
    void requireTreesFree(boolean head, List<Snapshot> snapshots) {
        List<String> found = inTheTrees(head, snapshots);
        if (!found.isEmpty()) {
            throw new StorageException(ErrorCode.BUSY, "nothing was removed: " + some(found));
        }
    }

    private List<String> holds(Snapshot snapshot) {
        List<String> all = new ArrayList<>();
        for (Hold hold : snapshot.holdsAt(volume.store.now())) {
            all.add("snapshot '" + snapshot.label() + "' is held by '" + hold.owner() + "'"
                    + (hold.reason().isBlank() ? "" : " (" + hold.reason() + ")")
                    + hold.expires().map(until -> " until " + until).orElse(""));
        }
        return all;
    }

    private List<String> reading(SnapshotLabel label) {
        return volume.readers.of(label) == 0
                ? List.of()
                : List.of("snapshot '" + label + "' is being read (exported, compared or looked into)");
    }

    private List<String> underWay() {
        return volume.index().reserved().stream()
                .map(label -> "snapshot '" + label + "' is being imported into volume '" + volume.name + "'")
                .toList();
    }

    private List<String> inTheTrees(boolean head, List<Snapshot> snapshots) {
        try {
            MountTable mounts = MountTable.read();
            List<String> all = new ArrayList<>();
            if (head) {
                all.addAll(inTree(mounts, volume.store.layout().volume(volume.name), Optional.empty()));
            }
            for (Snapshot snapshot : snapshots) {
                Path tree = volume.store.layout().snapshot(volume.name, snapshot.label());
                all.addAll(inTree(mounts, tree, Optional.of(snapshot.label())));
            }
            return all;
        } catch (IOException failure) {
            throw volume.failed("cannot find out what is mounted in the trees", failure);
        }
    }

    private List<String> inTree(MountTable mounts, Path tree, Optional<SnapshotLabel> label) {
        List<String> all = new ArrayList<>();
        for (MountTable.Mount mount : mounts.below(tree)) {
            all.add(mount.type() + " is mounted at " + mount.point() + "; unmount it");
        }
        if (all.isEmpty() && volume.store.driver() instanceof RemovalCheck check) {
            all.addAll(check.obstacles(volume.name, label));
        }
        return all;
    }

    private static String some(List<String> obstacles) {
        int more = obstacles.size() - NAMED;
        String named = String.join("; ", obstacles.subList(0, Math.min(NAMED, obstacles.size())));
        return more > 0 ? named + "; and " + more + " more" : named;
    }
}
