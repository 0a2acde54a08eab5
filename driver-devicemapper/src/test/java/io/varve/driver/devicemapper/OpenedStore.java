package io.varve.driver.devicemapper;

import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.registry.OpenStore;
import io.varve.registry.Roots;
import io.varve.registry.StoreOpener;
import io.varve.spi.Driver;
import io.varve.spi.DriverType;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Operations;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Store;
import io.varve.volume.StoreName;
import io.varve.volume.Surroundings;
import io.varve.volume.Volume;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;

/** A store as the appliance opens it, and short ways to do what tests do to it. */
record OpenedStore(OpenStore open, Store store) implements AutoCloseable {
    static OpenedStore of(Path root, Map<String, String> options) {
        DriverRegistry registry = new DriverRegistry();
        registry.register(new DeviceMapperDriverProvider(), DriverEntry.Source.BUILT_IN);
        OpenStore open = new StoreOpener(registry).open(Roots.canonical(root), DriverType.of("devicemapper"), options);
        Clock clock = Clock.systemUTC();
        Surroundings surroundings = new Surroundings(
                clock, new Operations(clock, event -> {}), Duration.ofSeconds(20), Duration.ofHours(1));
        return new OpenedStore(open, Store.over(StoreName.of("tried"), open, surroundings));
    }

    Driver driver() {
        return open.driver();
    }

    /** Makes a volume with a file. */
    Volume volume(String name, String text) throws IOException {
        Volume volume = store.createVolume(VolumeName.of(name), VolumeSpec.unlimited());
        write(volume, text);
        return volume;
    }

    Volume find(String name) {
        return store.volume(VolumeName.of(name));
    }

    static void write(Volume volume, String text) throws IOException {
        Files.writeString(volume.path().resolve("file"), text, StandardCharsets.UTF_8);
    }

    static String read(Path tree) throws IOException {
        return Files.readString(tree.resolve("file"), StandardCharsets.UTF_8);
    }

    static String read(Volume volume) throws IOException {
        return read(volume.path());
    }

    static String read(Volume volume, String label) throws IOException {
        return read(volume.path(SnapshotLabel.of(label)));
    }

    static void snapshot(Volume volume, String label) {
        volume.snapshot(SnapshotRequest.labelled(label));
    }

    static void rollback(Volume volume, String label) {
        volume.rollback(SnapshotLabel.of(label), true, Optional.empty(), Optional.empty());
    }

    static void remove(Volume volume, String label) {
        volume.removeSnapshot(SnapshotLabel.of(label));
    }

    @Override
    public void close() {
        store.close();
    }
}
