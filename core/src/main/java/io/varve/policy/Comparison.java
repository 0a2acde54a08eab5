package io.varve.policy;

import io.varve.retention.RetentionPlan;
import io.varve.spi.SnapshotLabel;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * What pruning by another policy would do, beside what today's does.
 *
 * @param edited what the other one would do; its token carries out nothing
 */
public record Comparison(Preview edited, List<Change> changes) {
    public Comparison {
        changes = List.copyOf(changes);
    }

    /**
     * The difference on one volume.
     *
     * @param removesToo what goes that stays today, oldest first
     * @param keepsToo what stays that goes today, oldest first
     */
    public record Change(Preview.OfVolume volume, List<SnapshotLabel> removesToo, List<SnapshotLabel> keepsToo) {
        public Change {
            removesToo = List.copyOf(removesToo);
            keepsToo = List.copyOf(keepsToo);
        }
    }

    /** Volumes that the edited one does not govern any more are left out: nothing of theirs goes. */
    static Comparison of(Preview edited, Optional<Preview> today) {
        return new Comparison(
                edited,
                edited.volumes().stream()
                        .map(volume -> change(
                                volume,
                                today.stream()
                                        .flatMap(preview -> preview.volumes().stream())
                                        .filter(other -> other.store().equals(volume.store())
                                                && other.volume().equals(volume.volume()))
                                        .findFirst()))
                        .toList());
    }

    private static Change change(Preview.OfVolume edited, Optional<Preview.OfVolume> today) {
        List<SnapshotLabel> goes = removed(edited.plan());
        List<SnapshotLabel> went = today.map(other -> removed(other.plan())).orElse(List.of());
        return new Change(edited, without(goes, went), without(went, goes));
    }

    private static List<SnapshotLabel> removed(RetentionPlan plan) {
        return plan.remove().stream().map(gone -> gone.snapshot().label()).toList();
    }

    private static List<SnapshotLabel> without(List<SnapshotLabel> these, List<SnapshotLabel> those) {
        Set<SnapshotLabel> known = those.stream().collect(Collectors.toSet());
        return these.stream().filter(label -> !known.contains(label)).toList();
    }
}
