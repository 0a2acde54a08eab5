package io.varve.conformance.example;

import io.varve.linux.FilesystemSpace;
import io.varve.linux.MountTable;
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

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Volumes are directories; a snapshot is a copy. */
final class CopyDriver implements Driver {
    private final StoreLayout layout;
    private final CopyTrees trees;

    CopyDriver(StoreLayout layout) {
        this.layout = layout;
        this.trees = new CopyTrees(layout);
        trees.settle();
    }

    @Override
    public Set<Capability> capabilities() {
        return Set.of();
    }

    @Override
    public void createVolume(VolumeName volume, VolumeSpec spec) {
        require(spec.size().isEmpty(), ErrorCode.NOT_SUPPORTED, "copied volumes have no size of their own");
        require(!volumes().contains(volume), ErrorCode.VOLUME_EXISTS, "there is a volume '" + volume + "' already");
        Path head = layout.volume(volume);
        require(!trees.exists(head), ErrorCode.PATH_IS_STORE, "'" + head + "' is there and no volume");
        trees.makeEmpty(head);
    }

    @Override
    public void deleteVolume(VolumeName volume) {
        List<MountTable.Mount> mounts = trees.mountsIn(layout.volume(volume));
        require(mounts.isEmpty(), ErrorCode.BUSY, "volume '" + volume + "' has mounts inside: " + mounts);
        trees.remove(layout.volume(volume));
    }

    @Override
    public List<VolumeName> volumes() {
        return trees.in(layout.root()).map(VolumeName::of).toList();
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        requireVolume(volume);
        requireFree(volume, label);
        return trees.copy(layout.volume(volume), layout.snapshot(volume, label), work);
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        trees.remove(layout.snapshot(volume, label));
        trees.removeIfEmpty(layout.snapshots(volume));
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        return trees.in(layout.snapshots(volume)).map(SnapshotLabel::of).collect(Collectors.toSet());
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        requireVolume(volume);
        requireSnapshot(volume, from);
        requireFree(volume, undo);
        return trees.switchHead(layout.snapshot(volume, from), volume, undo, work);
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        requireVolume(volume);
        label.ifPresent(wanted -> requireSnapshot(volume, wanted));
        return label.map(wanted -> layout.snapshot(volume, wanted)).orElseGet(() -> layout.volume(volume));
    }

    @Override
    public void release(VolumeName volume) {
        // Directories need no mount.
    }

    @Override
    public void resize(VolumeName volume, long bytes) {
        throw new StorageException(ErrorCode.NOT_SUPPORTED, "copied volumes have no size of their own");
    }

    @Override
    public DriverStatus status() {
        FilesystemSpace space = trees.space();
        DriverStatus.Space bytes =
                new DriverStatus.Space(space.total(), space.total() - space.free(), space.available());
        return new DriverStatus(bytes, Map.of(), List.of(), Optional.empty(), List.of());
    }

    @Override
    public void close() {
        // Nothing is held at run time.
    }

    private void requireVolume(VolumeName volume) {
        boolean there = volumes().contains(volume);
        require(there, ErrorCode.VOLUME_NOT_FOUND, "there is no volume '" + volume + "'");
    }

    private void requireSnapshot(VolumeName volume, SnapshotLabel label) {
        boolean there = snapshots(volume).contains(label);
        require(there, ErrorCode.SNAPSHOT_NOT_FOUND, "volume '" + volume + "' has no snapshot '" + label + "'");
    }

    private void requireFree(VolumeName volume, SnapshotLabel label) {
        boolean free = !snapshots(volume).contains(label);
        require(free, ErrorCode.SNAPSHOT_EXISTS, "volume '" + volume + "' has a snapshot '" + label + "' already");
    }

    private static void require(boolean right, ErrorCode code, String otherwise) {
        if (!right) {
            throw new StorageException(code, otherwise);
        }
    }
}
