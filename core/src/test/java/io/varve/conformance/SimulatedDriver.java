package io.varve.conformance;

import io.varve.conformance.SimulatedBehaviour.Step;
import io.varve.linux.FilesystemSpace;
import io.varve.linux.Kernel;
import io.varve.linux.MountTable;
import io.varve.spi.Capability;
import io.varve.spi.ChangeDetection;
import io.varve.spi.Driver;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.ExclusiveSize;
import io.varve.spi.NativeStream;
import io.varve.spi.SnapshotBuilder;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;
import io.varve.spi.Usage;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.stream.Collectors;

/** Volumes and snapshots as plain directories; a snapshot is a copy in every detail. */
final class SimulatedDriver implements Driver, SnapshotBuilder, NativeStream, ExclusiveSize, ChangeDetection {
    private final SimulatedDisk disk;
    private final Set<Capability> capabilities;

    SimulatedDriver(SimulatedDisk disk, Set<Capability> capabilities) {
        this.disk = disk;
        this.capabilities = Set.copyOf(capabilities);
    }

    @Override
    public Set<Capability> capabilities() {
        return capabilities;
    }

    @Override
    public void createVolume(VolumeName volume, VolumeSpec spec) {
        spec.size().ifPresent(size -> require(Capability.RESIZE, "give volumes a size"));
        Path head = disk.layout.volume(volume);
        SimulatedDisk.doing("create volume '" + volume + "'", () -> {
            refuseTaken(volume, head);
            disk.reach(Step.PREPARE_VOLUME);
            Path staged = disk.stage();
            if (spec.size().isPresent()) {
                disk.limit(volume, spec.size().getAsLong());
            }
            disk.reach(Step.PLACE_VOLUME);
            disk.placeHead(staged, volume);
            return head;
        });
    }

    private static void refuseTaken(VolumeName volume, Path head) throws IOException {
        if (Kernel.exists(head)) {
            boolean foreign = !Kernel.stat(head).isDirectory();
            throw new StorageException(
                    foreign ? ErrorCode.PATH_IS_STORE : ErrorCode.VOLUME_EXISTS,
                    "cannot create volume '" + volume + "': '" + head + "' is there already");
        }
    }

    @Override
    public void deleteVolume(VolumeName volume) {
        Path head = disk.layout.volume(volume);
        SimulatedDisk.doing("remove volume '" + volume + "'", () -> {
            if (Kernel.exists(head)) {
                refuseMounts(volume, head);
                disk.reach(Step.TAKE_VOLUME_AWAY);
                disk.discard(head);
            }
            disk.forgetLimit(volume);
            return volume;
        });
    }

    private static void refuseMounts(VolumeName volume, Path head) throws IOException {
        List<MountTable.Mount> inside = MountTable.read().below(head);
        if (!inside.isEmpty()) {
            throw new StorageException(
                    ErrorCode.BUSY,
                    "volume '" + volume + "' has mounts inside; unmount "
                            + inside.stream()
                                    .map(mount -> mount.point().toString())
                                    .collect(Collectors.joining(", ")) + " first");
        }
    }

    @Override
    public List<VolumeName> volumes() {
        return SimulatedDisk.doing("list the volumes", disk::heads).stream()
                .map(VolumeName::of)
                .toList();
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        requireVolume(volume);
        refuseSnapshot(volume, label);
        return SimulatedDisk.doing("snapshot volume '" + volume + "' as '" + label + "'", () -> {
            SnapshotOutcome outcome = new SnapshotOutcome(List.of());
            Path staged = disk.stage();
            try {
                disk.reach(Step.COPY_TREE);
                outcome = new SnapshotOutcome(copy(disk.layout.volume(volume), staged, work));
                disk.reach(Step.PLACE_SNAPSHOT);
                disk.placeSnapshot(staged, volume, label);
                return outcome;
            } catch (IOException | StorageException failure) {
                disk.discard(staged);
                throw failure;
            }
        });
    }

    private List<String> copy(Path from, Path to, Work work) throws IOException {
        return TreeCopy.of(from, to, work, () -> disk.reach(Step.COPY_FILE));
    }

    private void requireVolume(VolumeName volume) {
        if (!volumes().contains(volume)) {
            throw new StorageException(ErrorCode.VOLUME_NOT_FOUND, "there is no volume '" + volume + "'");
        }
    }

    private void requireSnapshot(VolumeName volume, SnapshotLabel label) {
        if (!snapshots(volume).contains(label)) {
            throw new StorageException(
                    ErrorCode.SNAPSHOT_NOT_FOUND, "volume '" + volume + "' has no snapshot '" + label + "'");
        }
    }

    private void refuseSnapshot(VolumeName volume, SnapshotLabel label) {
        if (snapshots(volume).contains(label)) {
            throw new StorageException(
                    ErrorCode.SNAPSHOT_EXISTS, "volume '" + volume + "' has a snapshot '" + label + "' already");
        }
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        SimulatedDisk.doing("remove snapshot '" + label + "' of volume '" + volume + "'", () -> {
            disk.reach(Step.TAKE_SNAPSHOT_AWAY);
            disk.discardSnapshot(volume, label);
            return label;
        });
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        return SimulatedDisk.doing("list the snapshots of '" + volume + "'", () -> disk.snapshots(volume)).stream()
                .map(SnapshotLabel::of)
                .collect(Collectors.toUnmodifiableSet());
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        requireVolume(volume);
        requireSnapshot(volume, from);
        refuseSnapshot(volume, undo);
        return SimulatedDisk.doing("roll volume '" + volume + "' back to '" + from + "'", () -> {
            Path staged = disk.stage();
            try {
                disk.reach(Step.COPY_TREE);
                List<String> warnings = copy(disk.layout.snapshot(volume, from), staged, work);
                disk.reach(Step.PREPARE_SWITCH);
                disk.switchHead(staged, volume, undo);
                return new SnapshotOutcome(warnings);
            } catch (IOException | StorageException failure) {
                disk.discard(staged);
                throw failure;
            }
        });
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        requireVolume(volume);
        label.ifPresent(wanted -> requireSnapshot(volume, wanted));
        return label.map(wanted -> disk.layout.snapshot(volume, wanted)).orElseGet(() -> disk.layout.volume(volume));
    }

    @Override
    public void release(VolumeName volume) {
        // A plain directory holds nothing.
    }

    @Override
    public void resize(VolumeName volume, long bytes) {
        require(Capability.RESIZE, "resize volumes");
        requireVolume(volume);
        SimulatedDisk.doing("resize volume '" + volume + "'", () -> {
            OptionalLong now = disk.limit(volume);
            if (now.isEmpty() || bytes <= now.getAsLong()) {
                throw new StorageException(
                        ErrorCode.NO_SHRINK,
                        "volume '" + volume + "' cannot be given " + bytes + " bytes: "
                                + (now.isEmpty() ? "it has no limit" : "it has " + now.getAsLong()));
            }
            disk.limit(volume, bytes);
            return volume;
        });
    }

    @Override
    public DriverStatus status() {
        FilesystemSpace space =
                SimulatedDisk.doing("look at the store's space", () -> Kernel.space(disk.layout.root()));
        return new DriverStatus(
                new DriverStatus.Space(space.total(), space.total() - space.free(), space.available()),
                Map.of("Root", disk.layout.root().toString()),
                List.of(
                        Usage.bytes("Filesystem", "Total Bytes", space.total()),
                        Usage.bytes("Filesystem", "Available Bytes", space.available())),
                Optional.empty(),
                List.of());
    }

    @Override
    public Path begin(VolumeName volume, SnapshotLabel label, long bytes) {
        require(Capability.IMPORT, "import snapshots");
        refuseSnapshot(volume, label);
        return SimulatedDisk.doing("prepare the import of '" + label + "'", () -> {
            abandon(volume, label);
            refuseTooLarge(bytes);
            return disk.made(disk.build(volume, label));
        });
    }

    private void refuseTooLarge(long bytes) throws IOException {
        long available = Kernel.space(disk.layout.root()).available();
        if (bytes > available) {
            throw new StorageException(
                    ErrorCode.NO_SPACE, "the import needs " + bytes + " bytes, " + available + " are available");
        }
    }

    @Override
    public void commit(VolumeName volume, SnapshotLabel label) {
        require(Capability.IMPORT, "import snapshots");
        SimulatedDisk.doing("finish the import of '" + label + "'", () -> {
            TreeCopy.sync(disk.build(volume, label));
            disk.reach(Step.PLACE_SNAPSHOT);
            disk.placeSnapshot(disk.build(volume, label), volume, label);
            SimulatedDisk.removeIfEmpty(disk.build(volume, label).resolveSibling(""));
            return label;
        });
    }

    @Override
    public void abandon(VolumeName volume, SnapshotLabel label) {
        require(Capability.IMPORT, "import snapshots");
        SimulatedDisk.doing("throw the import of '" + label + "' away", () -> {
            disk.discard(disk.build(volume, label));
            SimulatedDisk.removeIfEmpty(disk.build(volume, label).resolveSibling(""));
            return label;
        });
    }

    @Override
    public void send(
            VolumeName volume, SnapshotLabel label, Optional<SnapshotLabel> parent, OutputStream target, Work work) {
        require(Capability.NATIVE_STREAM, "write streams of its own");
        requireSnapshot(volume, label);
        parent.ifPresent(other -> requireSnapshot(volume, other));
        SimulatedDisk.doing("send snapshot '" + label + "'", () -> {
            Optional<Path> base = parent.map(other -> disk.layout.snapshot(volume, other));
            SimulatedStream.write(disk.layout.snapshot(volume, label), base, target, work);
            return label;
        });
    }

    @Override
    public long exclusiveBytes(VolumeName volume, SnapshotLabel label, Work work) {
        require(Capability.EXCLUSIVE_SIZE, "tell exclusive sizes");
        requireSnapshot(volume, label);
        return SimulatedDisk.doing("measure snapshot '" + label + "'", () -> {
            try (var files = Files.walk(disk.layout.snapshot(volume, label))) {
                return files.mapToLong(file -> allocated(file, work)).sum();
            }
        });
    }

    private static long allocated(Path file, Work work) {
        Work.checkpoint(work);
        return SimulatedDisk.doing(
                "look at '" + file + "'", () -> Kernel.stat(file).blocks() * 512);
    }

    @Override
    public boolean isUnchanged(VolumeName volume, SnapshotLabel since) {
        require(Capability.CHANGE_DETECTION, "tell whether something changed");
        requireVolume(volume);
        requireSnapshot(volume, since);
        return SimulatedDisk.doing("compare volume '" + volume + "' with '" + since + "'", () -> {
            Contents then = Contents.of(disk.layout.snapshot(volume, since));
            return Contents.of(disk.layout.volume(volume)).equals(then);
        });
    }

    private void require(Capability capability, String what) {
        if (!capabilities.contains(capability)) {
            throw new StorageException(ErrorCode.NOT_SUPPORTED, "this simulated store cannot " + what);
        }
    }

    @Override
    public void close() {
        // Nothing is held at run time.
    }
}
