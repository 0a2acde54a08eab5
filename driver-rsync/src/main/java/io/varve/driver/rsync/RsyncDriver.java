package io.varve.driver.rsync;

import io.varve.driver.rsync.LinkBases.Likeness;
import io.varve.driver.rsync.SnapshotCopy.Draft;
import io.varve.linux.Commands;
import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.FileStat;
import io.varve.linux.FilesystemSpace;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.linux.Trash;
import io.varve.linux.Trees;
import io.varve.linux.WatchedDirectory;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotBuilder;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.Usage;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.channels.ClosedByInterruptException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Volumes as plain directories. A snapshot is a copy that shares unchanged files, by hard link, with other snapshots
 * and never with a head; a rollback copies the snapshot aside and exchanges it with the head.
 */
final class RsyncDriver implements Driver, SnapshotBuilder {
    private interface Step<T> {
        T run() throws IOException;
    }

    private interface Change {
        void run() throws IOException;
    }

    private final StoreLayout layout;
    private final DriverFiles files;
    private final Rsync rsync;
    private final Trash trash;
    private final SnapshotCopy copies;
    private final HeadSwitch heads;
    private final LinkBases bases;
    private final WatchedDirectory roots;
    private final WatchedDirectory markers;
    private final Map<VolumeName, WatchedDirectory> snapshots = new ConcurrentHashMap<>();

    private RsyncDriver(DriverFiles files, Rsync rsync, Trash trash, boolean checksum) {
        this.layout = files.layout();
        this.files = files;
        this.rsync = rsync;
        this.trash = trash;
        this.copies = new SnapshotCopy(rsync, checksum);
        this.heads = new HeadSwitch(files, trash);
        this.bases = new LinkBases(files);
        this.roots = new WatchedDirectory(layout.root());
        this.markers = new WatchedDirectory(files.markers());
    }

    /** Opens a store and settles what a process that died left unfinished. */
    static RsyncDriver open(StoreLayout layout, boolean checksum) {
        return attempt("open the store at " + layout.root(), () -> {
            String owner = owner(layout);
            Rsync rsync = Rsync.installed(owner);
            Commands.endLeftovers(owner);
            DriverFiles files = DriverFiles.prepare(layout);
            Trash trash = Trash.open(files.trash());
            try {
                RsyncDriver driver = new RsyncDriver(files, rsync, trash, checksum);
                driver.settle();
                return driver;
            } catch (IOException | RuntimeException failure) {
                trash.close();
                throw failure;
            }
        });
    }

    /** The same for every spelling of the root's path, and when the root is renamed. */
    private static String owner(StoreLayout layout) throws IOException {
        FileStat home = Kernel.stat(layout.home().toRealPath());
        return "rsync-" + home.device() + "-" + home.inode();
    }

    private void settle() throws IOException {
        heads.settle();
        discardAll(files.staging());
        discardAll(files.imports());
        for (String name : markers.names()) {
            settle(VolumeName.of(name));
        }
    }

    private void discardAll(Path directory) throws IOException {
        try (Directory left = Directory.open(directory)) {
            for (RawName name : left.names()) {
                trash.discard(directory.resolve(name.toString()));
            }
        }
    }

    private void settle(VolumeName volume) throws IOException {
        bases.settle(volume);
        // A volume is removed after its snapshots: where there are some, its directory was moved away by hand.
        if (!files.isVolume(volume) && namesOfSnapshots(volume).isEmpty()) {
            forgetVolume(volume);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return RsyncDriverProvider.CAPABILITIES;
    }

    @Override
    public void createVolume(VolumeName volume, VolumeSpec spec) {
        if (spec.size().isPresent()) {
            throw noSizes(volume);
        }
        change("create volume '" + volume + "'", volume, () -> {
            files.requireNoVolume(volume);
            heads.create(volume);
        });
    }

    @Override
    public void deleteVolume(VolumeName volume) {
        change("remove volume '" + volume + "'", volume, () -> {
            if (!Kernel.exists(files.marker(volume))) {
                return;
            }
            if (files.isVolume(volume)) {
                files.requireNothingMounted(layout.volume(volume));
                removing(ErrorCode.VOLUME_REMOVAL_FAILED, layout.volume(volume));
            }
            trash.discard(files.imports().resolve(volume.value()));
            forgetVolume(volume);
        });
    }

    private void forgetVolume(VolumeName volume) throws IOException {
        Trees.remove(files.marker(volume));
        DriverFiles.sync(files.markers());
        try {
            Files.deleteIfExists(layout.snapshots(volume));
        } catch (DirectoryNotEmptyException kept) {
            // What is there is a snapshot, and not ours to remove here.
            return;
        }
        snapshots.remove(volume);
    }

    private void removing(ErrorCode otherwise, Path tree) throws IOException {
        try {
            trash.discard(tree);
        } catch (IOException failure) {
            StorageException known = KernelException.storage("remove " + tree, failure);
            throw known.code() == ErrorCode.IO_FAILED
                    ? new StorageException(otherwise, String.valueOf(known.getMessage()), failure)
                    : known;
        }
    }

    @Override
    public List<VolumeName> volumes() {
        return attempt("list the volumes of " + layout.root(), () -> {
            Set<String> present = roots.names();
            return markers.names().stream()
                    .filter(present::contains)
                    .map(VolumeName::of)
                    .toList();
        });
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        return change("take snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            files.requireVolume(volume);
            files.requireNoSnapshot(volume, label);
            Path room = files.newRoom();
            // Opened first: an error of writing back is told to descriptors that were open when it happened.
            try (Descriptor filesystem = Kernel.open(room, OpenFlag.READ, OpenFlag.DIRECTORY)) {
                Draft draft = copies.copy(layout.volume(volume), bases.newest(volume), room, work);
                filesystem.syncFilesystem();
                Work.checkpoint(work);
                bases.drop(volume, label);
                publish(volume, label, draft.tree());
                List<String> warnings = new ArrayList<>(draft.warnings());
                bases.keep(volume, label, draft.likeness()).ifPresent(warnings::add);
                return new SnapshotOutcome(warnings);
            } finally {
                trash.discard(room);
            }
        });
    }

    /** Makes a whole and durable tree a snapshot. */
    private void publish(VolumeName volume, SnapshotLabel label, Path tree) throws IOException {
        Path parent = files.makeSnapshotsDirectory(volume);
        Path snapshot = layout.snapshot(volume, label);
        DriverFiles.move(tree, snapshot);
        try {
            DriverFiles.sync(parent);
        } catch (IOException failure) {
            trash.discard(snapshot);
            throw failure;
        }
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        change("remove snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            Path snapshot = layout.snapshot(volume, label);
            files.requireNothingMounted(snapshot);
            bases.drop(volume, label);
            removing(ErrorCode.SNAPSHOT_REMOVAL_FAILED, snapshot);
        });
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        return attempt("list the snapshots of volume '" + volume + "'", () -> namesOfSnapshots(volume));
    }

    private Set<SnapshotLabel> namesOfSnapshots(VolumeName volume) throws IOException {
        Set<SnapshotLabel> labels = new LinkedHashSet<>();
        for (String name : watch(volume).names()) {
            label(name).ifPresent(labels::add);
        }
        return labels;
    }

    /** What somebody else put there under a name that no caller can say is no snapshot. */
    private static Optional<SnapshotLabel> label(String name) {
        try {
            return Optional.of(SnapshotLabel.of(name));
        } catch (StorageException invalid) {
            return Optional.empty();
        }
    }

    private WatchedDirectory watch(VolumeName volume) {
        return snapshots.computeIfAbsent(volume, name -> new WatchedDirectory(layout.snapshots(name)));
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        return change("roll volume '" + volume + "' back to '" + from + "'", volume, () -> {
            files.requireVolume(volume);
            files.requireSnapshot(volume, from);
            files.requireNoSnapshot(volume, undo);
            requireUnmounted(volume, from);
            bases.drop(volume, undo);
            Path room = files.newRoom();
            Likeness likeness = copyAside(layout.snapshot(volume, from), room, work);
            requireUnmounted(volume, from);
            heads.exchange(volume, undo, room, work);
            List<String> warnings = new ArrayList<>(rsync.shortcomings());
            if (bases.contains(volume, from)) {
                bases.keep(volume, from, likeness).ifPresent(warnings::add);
            }
            return new SnapshotOutcome(warnings);
        });
    }

    /** What is mounted in either tree would be missing in the copy, or move into the undo point. */
    private void requireUnmounted(VolumeName volume, SnapshotLabel from) throws IOException {
        files.requireNothingMounted(layout.volume(volume));
        files.requireNothingMounted(layout.snapshot(volume, from));
    }

    /** Makes a whole and durable tree that shares nothing with the snapshot. */
    private Likeness copyAside(Path snapshot, Path room, Work work) throws IOException {
        try (Descriptor filesystem = Kernel.open(room, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            Path tree = Files.createDirectory(room.resolve(HeadSwitch.TREE));
            if (!rsync.copy(snapshot, tree, List.of(), work).isWhole()) {
                throw new StorageException(ErrorCode.IO_FAILED, snapshot + " changed while it was copied");
            }
            Likeness likeness = Likeness.ofCopy(tree, DriverFiles.now(room));
            filesystem.syncFilesystem();
            return likeness;
        } catch (IOException | RuntimeException failure) {
            trash.discard(room);
            throw failure;
        }
    }

    @Override
    public Path begin(VolumeName volume, SnapshotLabel label, long bytes) {
        return change("begin snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            files.requireVolume(volume);
            files.requireNoSnapshot(volume, label);
            files.requireSpace(bytes);
            Path tree = files.importing(volume, label);
            trash.discard(tree);
            DurableFiles.makeDirectories(tree);
            Kernel.setPermissions(tree, DriverFiles.OWNER_WRITES_ALL_READ);
            return tree;
        });
    }

    @Override
    public void commit(VolumeName volume, SnapshotLabel label) {
        change("complete snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            files.requireVolume(volume);
            files.requireNoSnapshot(volume, label);
            Path tree = files.importing(volume, label);
            try (Descriptor filesystem = Kernel.open(tree, OpenFlag.READ, OpenFlag.DIRECTORY)) {
                filesystem.syncFilesystem();
            }
            bases.keepForeign(volume, label);
            publish(volume, label, tree);
            return label;
        });
    }

    @Override
    public void abandon(VolumeName volume, SnapshotLabel label) {
        change("abandon snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            trash.discard(files.importing(volume, label));
        });
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        return attempt("find volume '" + volume + "'", () -> {
            if (label.isPresent()) {
                files.requireSnapshot(volume, label.get());
                return layout.snapshot(volume, label.get());
            }
            files.requireVolume(volume);
            return layout.volume(volume);
        });
    }

    /** Nothing is held for a volume. */
    @Override
    public void release(VolumeName volume) {}

    @Override
    public void resize(VolumeName volume, long bytes) {
        throw noSizes(volume);
    }

    private static StorageException noSizes(VolumeName volume) {
        String why = "volumes of an rsync store have no size of their own; they share the store's filesystem";
        return new StorageException(ErrorCode.NOT_SUPPORTED, why).with("volume", volume);
    }

    @Override
    public DriverStatus status() {
        return attempt("read the space of " + layout.root(), () -> {
            FilesystemSpace space = Kernel.space(layout.root());
            Optional<MountTable.Mount> mount =
                    MountTable.read().holding(layout.root().toRealPath());
            String label =
                    layout.root() + " on " + mount.map(MountTable.Mount::source).orElse("an unknown device");
            Map<String, String> data = new LinkedHashMap<>();
            data.put("DataFile", layout.root().toString());
            data.put("Filesystem", mount.map(MountTable.Mount::type).orElse("unknown"));
            data.put("Rsync", rsync.version());
            List<String> errors = new ArrayList<>(rsync.shortcomings());
            errors.addAll(trash.failures());
            DriverStatus.Space figures = new DriverStatus.Space(space.total(), space.used(), space.available());
            return new DriverStatus(figures, data, usage(label, figures), Optional.empty(), errors);
        });
    }

    private static List<Usage> usage(String label, DriverStatus.Space space) {
        return List.of(
                Usage.bytes(label, "Total Bytes", space.total()),
                Usage.bytes(label, "Used Bytes", space.used()),
                Usage.bytes(label, "Available Bytes", space.available()));
    }

    @Override
    public void close() {
        trash.close();
    }

    private void change(String action, VolumeName volume, Change change) {
        change(action, volume, () -> {
            change.run();
            return volume;
        });
    }

    private <T> T change(String action, VolumeName volume, Step<T> step) {
        try {
            return attempt(action, step);
        } catch (StorageException failure) {
            throw failure.with("volume", volume);
        } finally {
            roots.forget();
            markers.forget();
            watch(volume).forget();
        }
    }

    private static <T> T attempt(String action, Step<T> step) {
        try {
            return step.run();
        } catch (ClosedByInterruptException interrupted) {
            throw new StorageException(ErrorCode.CANCELLED, action + ": interrupted", interrupted);
        } catch (IOException failure) {
            throw KernelException.storage(action, failure);
        }
    }
}
