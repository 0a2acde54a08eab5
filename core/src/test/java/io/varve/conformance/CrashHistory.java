package io.varve.conformance;

import io.varve.volume.Snapshot;
import io.varve.volume.Volume;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** What a killed {@link CrashChild} had been told is done, and what it was at; the store must agree with both. */
final class CrashHistory {
    private final Map<String, Integer> snapshots = new HashMap<>();
    private final Map<String, Set<String>> tags = new HashMap<>();
    private int head;
    private boolean other;
    private String[] pending = {""};

    /** Begins with what a store has now. */
    static CrashHistory of(Rig rig) {
        CrashHistory history = new CrashHistory();
        history.other = rig.store().find(CrashChild.OTHER).isPresent();
        rig.store().find(CrashChild.APP).ifPresent(volume -> {
            for (Snapshot snapshot : volume.snapshots()) {
                String label = snapshot.label().value();
                history.snapshots.put(label, state(volume.path(snapshot.label())));
                history.tags.put(label, tags(snapshot));
            }
        });
        return history;
    }

    private static Set<String> tags(Snapshot snapshot) {
        return snapshot.record().tags().stream().map(tag -> tag.value()).collect(Collectors.toCollection(HashSet::new));
    }

    /** The number that all files of a tree hold. */
    private static int state(Path tree) {
        Set<String> texts = CrashChild.FILES.stream()
                .map(file -> Rig.read(tree.resolve(file)))
                .collect(Collectors.toSet());
        assertThat(texts).as("texts in " + tree).hasSize(1);
        String text = texts.iterator().next();
        int state = Integer.parseInt(text.substring(0, text.indexOf('\n')));
        assertThat(text).isEqualTo(CrashChild.text(state));
        return state;
    }

    void replay(List<String> lines) {
        for (String line : lines) {
            String[] words = line.split(" ", -1);
            switch (words[0]) {
                // Killing a process may close its output while we read it.
                case "(output" -> assertThat(line).contains("Stream closed");
                case ">" -> pending = words;
                case "<" -> done(words);
                case "READY" -> pending = new String[] {""};
                default -> throw new AssertionError("the other process failed: " + lines);
            }
        }
    }

    private void done(String[] words) {
        pending = new String[] {""};
        switch (words[1]) {
            case "write" -> head = Integer.parseInt(words[2]);
            case "snapshot" -> made(words[2], head);
            case "rollback" -> {
                made(words[3], head);
                head = snapshots.getOrDefault(words[2], -1);
            }
            case "remove" -> snapshots.remove(words[2]);
            case "tag" -> tags.getOrDefault(words[2], new HashSet<>()).add(words[3]);
            case "other" -> other = words[2].equals("made");
            default -> throw new AssertionError("unknown deed " + words[1]);
        }
    }

    private void made(String label, int state) {
        snapshots.put(label, state);
        tags.put(label, new HashSet<>());
    }

    private boolean wasAt(String deed) {
        return pending.length > 1 && pending[1].equals(deed);
    }

    private boolean wasAt(String deed, String label) {
        return wasAt(deed) && pending[2].equals(label);
    }

    void verify(Rig rig) {
        Volume volume = rig.find(CrashChild.APP.value());
        verifyHead(volume);
        Set<String> found = new HashSet<>(Rig.validLabels(volume));
        assertThat(Rig.labels(volume)).as("nothing invalid").hasSize(found.size());
        snapshots.forEach((label, state) -> {
            if (found.remove(label)) {
                verifySnapshot(volume, label, state);
            } else {
                assertThat(wasAt("remove", label)).as("'%s' is gone", label).isTrue();
            }
        });
        found.forEach(label -> verifyUnacknowledged(volume, label));
        assertThat(found).hasSizeLessThan(2);
        boolean uncertain = wasAt("other");
        assertThat(rig.store().find(CrashChild.OTHER).isPresent() == other || uncertain)
                .isTrue();
    }

    private void verifyHead(Volume volume) {
        if (!wasAt("write")) {
            int now = state(volume.path());
            int target = wasAt("rollback") ? snapshots.getOrDefault(pending[2], -1) : head;
            assertThat(now).as("the head").isIn(head, target);
        }
    }

    private void verifySnapshot(Volume volume, String label, int state) {
        assertThat(state(volume.path(Rig.label(label))))
                .as("state of '%s'", label)
                .isEqualTo(state);
        Set<String> now = tags(volume.snapshot(Rig.label(label)));
        if (wasAt("tag", label)) {
            now.remove(pending[3]);
        }
        assertThat(now).as("tags of '%s'", label).isEqualTo(tags.getOrDefault(label, Set.of()));
    }

    /** Whole, because it is listed; and nothing but what the process was making. */
    private void verifyUnacknowledged(Volume volume, String label) {
        assertThat(wasAt("snapshot", label) || (wasAt("rollback") && label.startsWith("undo-")))
                .as("'%s' was being made (%s)", label, String.join(" ", pending))
                .isTrue();
        assertThat(state(volume.path(Rig.label(label)))).isEqualTo(head);
    }
}
