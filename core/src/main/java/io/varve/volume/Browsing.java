package io.varve.volume;

import io.varve.browse.Accuracy;
import io.varve.browse.SnapshotTree;
import io.varve.browse.TreeDiff;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.nio.file.Path;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;

/** Looks into the snapshots of a volume. What is looked at is not removed meanwhile, nor is the volume. Thread-safe. */
public final class Browsing {
    private final Volume volume;

    Browsing(Volume volume) {
        this.volume = volume;
    }

    /**
     * Does something with a snapshot's tree, which is closed then.
     *
     * @throws StorageException {@code SNAPSHOT_NOT_FOUND}, {@code SNAPSHOT_INVALID}, and what the work throws
     */
    public <T> T tree(SnapshotLabel label, Function<SnapshotTree, T> work) {
        return volume.reading(label, path -> {
            try (SnapshotTree tree = SnapshotTree.open(path)) {
                return work.apply(tree);
            }
        });
    }

    /**
     * What changed since a snapshot, as an operation that can be cancelled.
     *
     * @param to another snapshot; the live volume where empty
     * @throws StorageException {@code SNAPSHOT_NOT_FOUND}, {@code SNAPSHOT_INVALID}, {@code CANCELLED}, {@code IO_FAILED}
     */
    public <T> T diff(SnapshotLabel from, Optional<SnapshotLabel> to, Accuracy accuracy, Function<TreeDiff, T> work) {
        return volume.parts
                .store
                .surroundings()
                .operations()
                .run("snapshot.diff", volume.parts.subject().with(from), operation -> {
                    return comparing(from, to, (old, now) -> compare(old, now, accuracy, operation, work));
                });
    }

    /** Refuses what {@link #diff} would refuse to begin with. */
    public void requireComparable(SnapshotLabel from, Optional<SnapshotLabel> to) {
        comparing(from, to, (old, now) -> compare(old, now, Accuracy.QUICK, Work.unwatched(), diff -> from));
    }

    private <T> T comparing(SnapshotLabel from, Optional<SnapshotLabel> to, BiFunction<Path, Path, T> work) {
        return volume.reading(
                from,
                old -> to.isPresent()
                        ? volume.reading(to.get(), now -> work.apply(old, now))
                        : work.apply(old, volume.path()));
    }

    private static <T> T compare(Path old, Path now, Accuracy accuracy, Work work, Function<TreeDiff, T> use) {
        try (TreeDiff diff = TreeDiff.between(old, now, accuracy, work)) {
            return use.apply(diff);
        }
    }
}
