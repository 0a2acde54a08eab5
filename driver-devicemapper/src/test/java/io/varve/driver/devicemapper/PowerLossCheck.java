package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.PowerLossHistory.Expected;
import io.varve.linux.Commands;
import io.varve.spi.Driver;
import io.varve.spi.DriverType;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.volume.Snapshot;
import io.varve.volume.Store;
import io.varve.volume.Volume;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Holds a store that lost its power against what was said to be done. */
final class PowerLossCheck {
    private static final Duration DEADLINE = Duration.ofMinutes(1);

    private final Store store;
    private final Driver driver;

    PowerLossCheck(Store store, Driver driver) {
        this.store = store;
        this.driver = driver;
    }

    /** @return what is there */
    Map<String, Expected> against(PowerLossHistory history) {
        Set<String> volumes = store.volumes().stream()
                .map(volume -> volume.name().value())
                .collect(Collectors.toCollection(TreeSet::new));
        assertThat(driver.volumes()).extracting(VolumeName::value).containsExactlyInAnyOrderElementsOf(volumes);
        assertThat(PowerLoss.VOLUMES).containsAll(volumes);
        Map<String, Expected> found = new TreeMap<>();
        for (String name : PowerLoss.VOLUMES) {
            Expected expected = history.of(name);
            boolean there = volumes.contains(name);
            boolean uncertain = expected.wasAt("create") || expected.wasAt("destroy");
            if (!uncertain) {
                assertThat(there).as("volume %s is there", name).isEqualTo(expected.exists);
            }
            if (there) {
                found.put(name, check(store.volume(VolumeName.of(name)), expected));
            }
        }
        return found;
    }

    private Expected check(Volume volume, Expected expected) {
        Expected found = new Expected();
        found.exists = true;
        List<Snapshot> snapshots = volume.snapshots();
        assertThat(snapshots).as("snapshots of %s", volume.name()).allMatch(Snapshot::valid);
        assertThat(driver.snapshots(volume.name()))
                .as("snapshots of %s in the pool", volume.name())
                .containsExactlyInAnyOrderElementsOf(
                        snapshots.stream().map(Snapshot::label).toList());
        for (Snapshot snapshot : snapshots) {
            String label = snapshot.label().value();
            found.snapshots.put(label, snapshotState(volume, snapshot.label(), expected));
        }
        requireNothingLost(volume, expected, found);
        found.head = headState(volume, expected, found);
        return found;
    }

    private static int snapshotState(Volume volume, SnapshotLabel label, Expected expected) {
        Optional<Integer> known = Optional.ofNullable(expected.snapshots.get(label.value()));
        boolean pending = (expected.wasAt("snapshot") && expected.argument.equals(label.value()))
                || (expected.wasAt("rollback") && label.value().startsWith("undo-"));
        assertThat(known.isPresent() || pending)
                .as("%s of %s was asked for", label, volume.name())
                .isTrue();
        int state = known.orElse(expected.head);
        requireState(volume.path(label), volume.name().value(), state, label.fullName(volume.name()));
        return state;
    }

    private static void requireNothingLost(Volume volume, Expected expected, Expected found) {
        if (!expected.wasAt("destroy")) {
            Set<String> lost = new TreeSet<>(expected.snapshots.keySet());
            lost.removeAll(found.snapshots.keySet());
            if (expected.wasAt("remove")) {
                lost.remove(expected.argument);
            }
            assertThat(lost).as("lost snapshots of %s", volume.name()).isEmpty();
        }
    }

    /** A head that was written to may be anything; one that was being rolled back is the old or the new one. */
    private static int headState(Volume volume, Expected expected, Expected found) {
        if (expected.wasAt("write") || expected.wasAt("create") || expected.head == PowerLossHistory.UNKNOWN) {
            return PowerLossHistory.UNKNOWN;
        }
        boolean undone = expected.wasAt("rollback")
                && found.snapshots.keySet().stream().anyMatch(label -> !expected.snapshots.containsKey(label));
        int state = undone ? expected.snapshots.getOrDefault(expected.argument, -1) : expected.head;
        requireState(volume.path(), volume.name().value(), state, "the head of " + volume.name());
        return state;
    }

    private static void requireState(Path tree, String volume, int state, String what) {
        for (String file : PowerLossLoad.FILES) {
            Path path = tree.resolve(file);
            if (state == PowerLossHistory.EMPTY) {
                assertThat(path).doesNotExist();
                continue;
            }
            byte[] wanted = PowerLossLoad.content(volume, file, state);
            assertThat(Arrays.equals(read(path), wanted))
                    .as("%s has what was written to %s", what, file)
                    .isTrue();
        }
    }

    private static byte[] read(Path path) {
        try {
            return Files.readAllBytes(path);
        } catch (IOException failure) {
            throw new AssertionError("cannot read " + path, failure);
        }
    }

    /** A pool that nobody has at work is whole, and has the devices of the book and no other. */
    static void poolAtRest(Path root, Path metadata) throws IOException {
        run("thin_check", metadata.toString());
        Set<Integer> devices = run("thin_ls", "--no-headers", "-o", "DEV", metadata.toString())
                .lines()
                .map(String::strip)
                .filter(line -> !line.isEmpty())
                .map(Integer::valueOf)
                .collect(Collectors.toCollection(TreeSet::new));
        StoreLayout layout = new StoreLayout(root, DriverType.of("devicemapper"));
        Set<Integer> known = new DeviceBook(layout.driverPrivate().resolve("devices"))
                .read().values().stream()
                        .flatMap(List::stream)
                        .map(Entry::id)
                        .collect(Collectors.toCollection(TreeSet::new));
        known.add(StorePool.BASE);
        assertThat(devices).as("devices in the pool, against the book").isEqualTo(known);
    }

    private static String run(String program, String... arguments) {
        Path found = Commands.find(program).orElseThrow(() -> Commands.missing(program));
        List<String> command =
                Stream.concat(Stream.of(found.toString()), Stream.of(arguments)).toList();
        return Commands.run(command, DEADLINE).orThrow(program).output();
    }
}
