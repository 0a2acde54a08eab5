package io.varve.conformance;

import io.varve.catalog.Tag;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Snapshot;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Store;
import io.varve.volume.Volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * The process that works until it is killed. Before each deed it says {@code > DEED ...}, after it {@code < DEED ...}.
 * All files of the volume always hold the same number, except while they are written.
 */
final class CrashChild {
    static final VolumeName APP = VolumeName.of("app");
    static final VolumeName OTHER = VolumeName.of("other");
    static final List<String> FILES =
            IntStream.range(0, 12).mapToObj(i -> "d" + i % 3 + "/f" + i).toList();
    private static final int PADDING = 20_000;
    private static final int MOST_SNAPSHOTS = 8;

    private final Store store;
    private final Volume volume;
    private final Random random;
    private int next;

    private CrashChild(Store store, Volume volume, long seed) {
        this.store = store;
        this.volume = volume;
        this.random = new Random(seed);
        this.next = (int) (seed % 1000) * 100_000;
    }

    public static void main(String[] arguments) throws ReflectiveOperationException, IOException {
        Store store = ChildStore.open(arguments);
        Volume volume = store.find(APP).orElseGet(() -> store.createVolume(APP, VolumeSpec.unlimited()));
        CrashChild child = new CrashChild(
                store, volume, Long.parseLong(ChildStore.rest(arguments).getFirst()));
        child.write();
        say("READY");
        while (true) {
            child.work();
        }
    }

    @SuppressWarnings("SystemOut")
    private static void say(String text) {
        System.out.println(text);
        System.out.flush();
    }

    private void work() throws IOException {
        List<Snapshot> snapshots = volume.snapshots();
        if (snapshots.isEmpty()) {
            snapshot();
            return;
        }
        Snapshot chosen = snapshots.get(random.nextInt(snapshots.size()));
        if (snapshots.size() > MOST_SNAPSHOTS) {
            remove(chosen.label());
            return;
        }
        switch (random.nextInt(6)) {
            case 0 -> write();
            case 1, 2 -> snapshot();
            case 3 -> rollback(chosen.label());
            case 4 -> tag(chosen.label());
            default -> otherVolume();
        }
    }

    private void write() throws IOException {
        int state = ++next;
        say("> write " + state);
        for (String file : FILES) {
            Path path = volume.path().resolve(file);
            Files.createDirectories(path.resolveSibling(""));
            Files.writeString(path, text(state));
        }
        say("< write " + state);
    }

    static String text(int state) {
        return state + "\n" + "x".repeat(PADDING);
    }

    private void snapshot() {
        String label = "s" + ++next;
        say("> snapshot " + label);
        volume.snapshot(SnapshotRequest.labelled(label));
        say("< snapshot " + label);
    }

    private void rollback(SnapshotLabel target) {
        say("> rollback " + target);
        String undo = Rig.rollback(volume, target.value(), true, Optional.empty())
                .undo()
                .label()
                .value();
        say("< rollback " + target + " " + undo);
    }

    private void remove(SnapshotLabel label) {
        say("> remove " + label);
        volume.removeSnapshot(label);
        say("< remove " + label);
    }

    private void tag(SnapshotLabel label) {
        String tag = "t" + ++next;
        say("> tag " + label + " " + tag);
        volume.tag(label, Tag.of(tag));
        say("< tag " + label + " " + tag);
    }

    private void otherVolume() {
        if (store.find(OTHER).isPresent()) {
            say("> other removed");
            store.removeVolume(OTHER);
            say("< other removed");
        } else {
            say("> other made");
            store.createVolume(OTHER, VolumeSpec.unlimited()).snapshot(SnapshotRequest.labelled("one"));
            say("< other made");
        }
    }
}
