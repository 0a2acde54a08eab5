package io.varve.conformance;

import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

import static org.assertj.core.api.Assertions.assertThat;

/** A driver alone, opened on a fresh root. */
final class DriverRig implements AutoCloseable {
    private final OpenRoot root;

    DriverRig(DriverFixture fixture, Path place) {
        root = new OpenRoot(fixture, place);
    }

    Driver driver() {
        return root.driver();
    }

    StoreLayout layout() {
        return root.layout();
    }

    OpenRoot root() {
        return root;
    }

    boolean can(Capability capability) {
        return driver().capabilities().contains(capability);
    }

    /** The next process's driver. */
    void reopen() {
        root.reopen();
    }

    VolumeName volume(String name) {
        VolumeName volume = VolumeName.of(name);
        driver().createVolume(volume, VolumeSpec.unlimited());
        return volume;
    }

    void snapshot(VolumeName volume, String label) {
        driver().createSnapshot(volume, SnapshotLabel.of(label), Work.unwatched());
    }

    Path head(VolumeName volume) {
        return driver().expose(volume, Optional.empty());
    }

    Path tree(VolumeName volume, String label) {
        return driver().expose(volume, Optional.of(SnapshotLabel.of(label)));
    }

    Set<SnapshotLabel> snapshots(VolumeName volume) {
        return driver().snapshots(volume);
    }

    /** What must hold after every test. */
    void checkInvariants() {
        Map<VolumeName, Set<SnapshotLabel>> before = listing();
        reopen();
        assertThat(listing()).as("what is there after opening again").isEqualTo(before);
        for (Path place : root.fixture().stagingPlaces(layout())) {
            assertThat(Invariants.listOnceFreed(place))
                    .as("%s after opening again", place)
                    .isEmpty();
        }
    }

    private Map<VolumeName, Set<SnapshotLabel>> listing() {
        Map<VolumeName, Set<SnapshotLabel>> all = new TreeMap<>();
        driver().volumes().forEach(volume -> all.put(volume, driver().snapshots(volume)));
        return all;
    }

    @Override
    public void close() {
        root.close();
    }
}
