package io.varve.volume;

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
        return plan("snapshot.remove", Optional.of(label), effects, obstacles.of(snapshot));
    }

    Plan volumeRemoval() {
        List<Snapshot> all = volume.snapshots();
        List<String> effects = new ArrayList<>();
        effects.add("volume '" + volume.name + "' at '" + volume.store.layout().volume(volume.name)
                + "' is removed for good");
        all.forEach(snapshot -> effects.add(
                "its snapshot '" + snapshot.label() + "' of " + created(snapshot) + " is removed for good"));
        return plan("volume.remove", Optional.empty(), effects, obstacles.ofVolume(all));
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
        return plan("snapshot.rollback", Optional.of(target), effects, rollback.users());
    }

    private static String created(Snapshot snapshot) {
        return snapshot.valid() ? snapshot.record().created().toString() : "unknown time (it is invalid)";
    }

    private Plan plan(String action, Optional<SnapshotLabel> label, List<String> effects, List<String> against) {
        return new Plan(
                action,
                volume.store.name().value(),
                volume.name.value(),
                label.map(SnapshotLabel::value),
                effects,
                against,
                token(action, label));
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
