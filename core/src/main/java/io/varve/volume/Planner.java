package io.varve.volume;

import io.varve.catalog.Tag;
import io.varve.spi.SnapshotLabel;

import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Says what destructive calls on one volume would do. */
final class Planner {
    private final VolumeParts volume;
    private final Rollback rollback;
    private final Obstacles obstacles;

    Planner(VolumeParts volume, Rollback rollback, Obstacles obstacles) {
        this.volume = volume;
        this.rollback = rollback;
        this.obstacles = obstacles;
    }

    Plan removal(SnapshotLabel label) {
        Snapshot snapshot = volume.require(label);
        List<String> effects = List.of("snapshot '" + snapshot.name() + "' of " + created(snapshot)
                + " is removed for good, with its tags " + snapshot.record().tags() + " and metadata");
        return plan("snapshot.remove", Optional.of(label), effects, List.of(snapshot), obstacles.of(snapshot));
    }

    Plan volumeRemoval() {
        List<Snapshot> all = volume.snapshots();
        List<String> effects = new ArrayList<>();
        effects.add("volume '" + volume.name + "' at '" + volume.store.layout().volume(volume.name)
                + "' is removed for good");
        if (!all.isEmpty()) {
            effects.add(together(all) + " removed with it");
        }
        return plan("volume.remove", Optional.empty(), effects, all, obstacles.ofVolume(all));
    }

    private static String together(List<Snapshot> all) {
        String oldest = "'" + all.getFirst().label() + "' of " + created(all.getFirst());
        String newest = "'" + all.getLast().label() + "' of " + created(all.getLast());
        return all.size() == 1
                ? "its snapshot " + oldest + " is"
                : "its " + all.size() + " snapshots, from " + oldest + " to " + newest + ", are";
    }

    Plan rollback(SnapshotLabel target) {
        Snapshot from = volume.requireValid(target);
        List<String> effects = new ArrayList<>(List.of(
                "the content of volume '" + volume.name + "' becomes that of snapshot '" + target + "' of "
                        + created(from),
                "the content of now is kept as an undo point until "
                        + rollback.undoneUntil(volume.store.now()).truncatedTo(ChronoUnit.SECONDS),
                "no snapshot is removed"));
        effects.addAll(rollback.doubts());
        return plan("snapshot.rollback", Optional.of(target), effects, List.of(), rollback.users());
    }

    private static String created(Snapshot snapshot) {
        return snapshot.valid() ? snapshot.record().created().toString() : "unknown time (it is invalid)";
    }

    private Plan plan(
            String action,
            Optional<SnapshotLabel> label,
            List<String> effects,
            List<Snapshot> removes,
            List<String> against) {
        return new Plan(
                action,
                volume.store.name().value(),
                volume.name.value(),
                label.map(SnapshotLabel::value),
                effects,
                removes.stream().map(Planner::removal).toList(),
                against,
                token(action, label));
    }

    private static Plan.Removal removal(Snapshot snapshot) {
        return new Plan.Removal(
                snapshot.label().value(),
                snapshot.record().kind().name(),
                Optional.of(snapshot.record().created()).filter(time -> snapshot.valid()),
                snapshot.record().tags().stream().map(Tag::value).toList(),
                snapshot.record().message());
    }

    /** Changes whenever the volume's set of snapshots or their protection does. */
    String token(String action, Optional<SnapshotLabel> label) {
        List<String> facts = new ArrayList<>();
        facts.add(action);
        facts.add(volume.store.layout().root().toString());
        facts.add(volume.name.value());
        facts.add(label.map(SnapshotLabel::value).orElse(""));
        for (Snapshot snapshot : volume.snapshots()) {
            facts.add(snapshot.label() + " " + snapshot.valid() + " " + snapshot.record());
        }
        return Tokens.of(facts);
    }

    void require(Optional<String> token, String action, Optional<SnapshotLabel> label) {
        token.ifPresent(given -> Tokens.require(given, token(action, label)));
    }
}
