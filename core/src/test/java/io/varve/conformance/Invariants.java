package io.varve.conformance;

import io.varve.spi.SnapshotLabel;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.volume.Snapshot;
import io.varve.volume.Volume;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;

import static org.assertj.core.api.Assertions.assertThat;

/** What holds of a store whenever nothing is under way, whatever was done to it before. */
final class Invariants {
    private static final Duration FREEING_ENDS = Duration.ofSeconds(10);

    private final Rig rig;
    private final StoreLayout layout;
    private final Set<String> users;
    private final Set<String> foreign;
    private final boolean invalidAllowed;

    Invariants(Rig rig, Set<String> users, Set<String> foreign, boolean invalidAllowed) {
        this.rig = rig;
        this.layout = rig.layout();
        this.users = users;
        this.foreign = foreign;
        this.invalidAllowed = invalidAllowed;
    }

    void check() {
        catalogEqualsDisk();
        recordsEqualListing();
        nothingIsUnderWay();
        headsHoldTheUsersFilesAlone();
        nothingLiesAround();
        reopeningChangesNothing();
    }

    private void catalogEqualsDisk() {
        assertThat(rig.driver().volumes())
                .as("volumes on disk")
                .filteredOn(name -> !foreign.contains(name.value()))
                .containsExactlyInAnyOrderElementsOf(
                        rig.store().volumes().stream().map(Volume::name).toList());
        for (Volume volume : rig.store().volumes()) {
            List<Snapshot> snapshots = volume.snapshots();
            assertThat(rig.driver().snapshots(volume.name()))
                    .as("snapshots of '%s' on disk", volume.name())
                    .containsExactlyInAnyOrderElementsOf(labels(snapshots, Invariants::onDisk));
            if (!invalidAllowed) {
                assertThat(snapshots).as("snapshots of '%s'", volume.name()).allMatch(Snapshot::valid);
            }
        }
    }

    private interface Choice {
        boolean of(Snapshot snapshot);
    }

    private static Set<SnapshotLabel> labels(List<Snapshot> snapshots, Choice choice) {
        return snapshots.stream().filter(choice::of).map(Snapshot::label).collect(Collectors.toSet());
    }

    /** A snapshot without a record is shown with the epoch as its time; one without data is invalid and has a time. */
    private static boolean onDisk(Snapshot snapshot) {
        return snapshot.valid() || !recorded(snapshot);
    }

    private static boolean recorded(Snapshot snapshot) {
        return snapshot.record().created().getEpochSecond() != 0;
    }

    private void recordsEqualListing() {
        Set<String> volumes = names(rig.store().volumes());
        assertThat(list(layout.catalog())).as("volumes in the catalog").isEqualTo(volumes);
        for (Volume volume : rig.store().volumes()) {
            Path records = layout.catalog().resolve(volume.name().value());
            Set<String> labels = labels(volume.snapshots(), Invariants::recorded).stream()
                    .map(label -> label + ".json")
                    .collect(Collectors.toSet());
            if (!invalidAllowed) {
                assertThat(list(records.resolve("snapshots"))).as("records").isEqualTo(labels);
            }
            assertThat(list(records)).isSubsetOf("volume.json", "snapshots", "metadata");
            for (String label : list(records.resolve("metadata"))) {
                assertThat(labels).as("snapshots with metadata").contains(label + ".json");
                assertThat(list(records.resolve("metadata").resolve(label))).noneMatch(name -> name.startsWith("."));
            }
        }
    }

    private static Set<String> names(List<Volume> volumes) {
        return volumes.stream().map(volume -> volume.name().value()).collect(Collectors.toSet());
    }

    private void nothingIsUnderWay() {
        assertThat(list(layout.journal())).as("journal").isEmpty();
        for (Path place : rig.root().fixture().stagingPlaces(layout)) {
            assertThat(listOnceFreed(place)).as("%s", place).isEmpty();
        }
    }

    /** What is still there after the time that freeing the space of something removed may take. */
    static Set<String> listOnceFreed(Path place) {
        long end = System.nanoTime() + FREEING_ENDS.toNanos();
        Set<String> found = list(place);
        while (!found.isEmpty() && System.nanoTime() < end) {
            Pause.briefly();
            found = list(place);
        }
        return found;
    }

    private void headsHoldTheUsersFilesAlone() {
        Set<String> allowed = new HashSet<>(users);
        allowed.add("lost+found");
        for (Volume volume : rig.store().volumes()) {
            assertThat(list(volume.path())).as("files in '%s'", volume.name()).isSubsetOf(allowed);
        }
    }

    private void nothingLiesAround() {
        Set<String> volumes = names(rig.store().volumes());
        Set<String> allowed = new HashSet<>(volumes);
        allowed.addAll(foreign);
        allowed.addAll(Set.of("." + layout.type(), "lost+found"));
        assertThat(list(layout.root())).as("the root").isSubsetOf(allowed);
        assertThat(list(layout.snapshots())).as("volumes with snapshots").isSubsetOf(volumes);
        for (String volume : list(layout.snapshots())) {
            Set<String> labels = rig.driver().snapshots(VolumeName.of(volume)).stream()
                    .map(SnapshotLabel::value)
                    .collect(Collectors.toSet());
            assertThat(list(layout.snapshots().resolve(volume)))
                    .as("snapshots of '%s'", volume)
                    .isSubsetOf(labels);
        }
    }

    private void reopeningChangesNothing() {
        Map<String, List<Snapshot>> before = listing();
        rig.reopen();
        assertThat(listing()).as("what is there after opening the store again").isEqualTo(before);
    }

    private Map<String, List<Snapshot>> listing() {
        Map<String, List<Snapshot>> all = new TreeMap<>();
        rig.store().volumes().forEach(volume -> all.put(volume.record().toString(), volume.snapshots()));
        return all;
    }

    /** The names in a directory; none where it is absent. */
    static Set<String> list(Path directory) {
        Set<String> names = new TreeSet<>();
        if (!Files.exists(directory)) {
            return names;
        }
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            List<Path> found = new ArrayList<>();
            entries.forEach(found::add);
            found.forEach(entry -> names.add(entry.getFileName().toString()));
        } catch (IOException failure) {
            throw new AssertionError("cannot list " + directory, failure);
        }
        return names;
    }
}
