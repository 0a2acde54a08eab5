package io.varve.registry;

import io.varve.linux.Trees;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** Volumes and snapshots as plain directories, without content: enough for what is tested above a driver. */
final class PlainDriver implements Driver {
    private final StoreLayout layout;
    private final Set<Capability> capabilities;

    PlainDriver(StoreLayout layout, Set<Capability> capabilities) {
        this.layout = layout;
        this.capabilities = capabilities;
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public void createVolume(VolumeName volume, VolumeSpec spec) {
        make(layout.volume(volume));
    }

    @Override
    public void deleteVolume(VolumeName volume) {
        remove(layout.volume(volume));
    }

    @Override
    public List<VolumeName> volumes() {
        return names(layout.root()).stream().map(VolumeName::of).toList();
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        make(layout.snapshot(volume, label));
        return SnapshotOutcome.clean();
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        remove(layout.snapshot(volume, label));
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        return names(layout.snapshots(volume)).stream().map(SnapshotLabel::of).collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        make(layout.snapshot(volume, undo));
        return SnapshotOutcome.clean();
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        return label.map(snapshot -> layout.snapshot(volume, snapshot)).orElse(layout.volume(volume));
    }

    @Override
    public void release(VolumeName volume) {}

    @Override
    public void resize(VolumeName volume, long bytes) {
        throw new StorageException(ErrorCode.NOT_SUPPORTED, "plain directories have no size");
    }

    @Override
    public DriverStatus status() {
        return new DriverStatus(new DriverStatus.Space(0, 0, 0), Map.of(), List.of(), Optional.empty(), List.of());
    }

    @Override
    public void close() {}

    private static void make(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static void remove(Path directory) {
        try {
            Trees.remove(directory);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private static List<String> names(Path directory) {
        if (!Files.isDirectory(directory)) {
            return List.of();
        }
        try (Stream<Path> found = Files.list(directory)) {
            return found.map(path -> path.getFileName().toString())
                    .filter(name -> !name.startsWith("."))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
