package io.varve.directories;

import io.varve.linux.Commands;
import io.varve.linux.Directory;
import io.varve.linux.FileStat;
import io.varve.linux.FilesystemSpace;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.linux.Mounts;
import io.varve.linux.RawName;
import io.varve.linux.Trash;
import io.varve.spi.Availability;
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
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/**
 * Volumes as plain directories, for the drivers of filesystems that have no snapshots of their own. A snapshot is a copy
 * that shares unchanged files, by hard link, with other snapshots and never with a head; a rollback copies the snapshot
 * aside and exchanges it with the head.
 */
public final class DirectoryDriver implements Driver, SnapshotBuilder {
    private interface Step<T> {
        T run() throws IOException;
    }

    private interface Change {
        void run() throws IOException;
    }

    /** What every such driver can do. */
    public static final Set<Capability> CAPABILITIES = Set.of(Capability.IMPORT);

    private final StoreLayout layout;
    private final DriverFiles files;
    private final Rsync rsync;
    private final Duplication duplication;
    private final Trash trash;
    private final TreeMoves moves;
    private final Snapshots snapshots;
    private final HeadSwitch heads;
    private final Volumes volumes;
    private final Rollback rollback;
    private final Imports imports;
    private final DirectorySettings settings;

    private DirectoryDriver(
            DriverFiles files,
            Rsync rsync,
            Duplication duplication,
            Trash trash,
            TreeMoves moves,
            DirectorySettings settings) {
        this.layout = files.layout();
        this.files = files;
        this.rsync = rsync;
        this.duplication = duplication;
        this.trash = trash;
        this.moves = moves;
        HeadWalk.Manner manner = new HeadWalk.Manner(duplication, settings.removed());
        LinkBases bases = new LinkBases(files);
        this.snapshots = new Snapshots(files, moves, bases, new SnapshotCopy(rsync, manner, settings));
        this.heads = new HeadSwitch(files, moves, snapshots);
        this.volumes = new Volumes(files, moves, bases);
        this.rollback = new Rollback(files, rsync, manner, moves, heads, bases);
        this.settings = settings;
        this.imports = new Imports(files, moves, snapshots, bases);
    }

    /** Whether such stores can be opened on this host. */
    public static Availability availability() {
        return Rsync.availability();
    }

    /** Opens a store and settles what a process that died left unfinished. */
    public static DirectoryDriver open(StoreLayout layout, DirectorySettings settings) {
        return attempt("open the store at " + layout.root(), () -> {
            String owner = owner(layout);
            Rsync rsync = Rsync.installed(owner);
            Commands.endLeftovers(owner);
            DriverFiles files = DriverFiles.prepare(layout);
            Trash trash = Trash.open(files.trash());
            try {
                TreeMoves moves = settings.moves().apply(trash);
                Duplication duplication = new FilesystemTrial(files, moves).run(settings.hasServer());
                DirectoryDriver driver = new DirectoryDriver(files, rsync, duplication, trash, moves, settings);
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
        return layout.type() + "-" + home.device() + "-" + home.inode();
    }

    private void settle() throws IOException {
        heads.settle();
        discardAll(files.staging());
        discardAll(files.imports());
        volumes.settle(snapshots);
        snapshots.settle();
    }

    private void discardAll(Path directory) throws IOException {
        try (Directory left = Directory.open(directory)) {
            for (RawName name : left.names()) {
                moves.discard(directory.resolve(name.toString()));
            }
        }
    }

    @Override
    public Set<Capability> capabilities() {
        return CAPABILITIES;
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
            removing(ErrorCode.VOLUME_REMOVAL_FAILED, layout.volume(volume), () -> volumes.discard(volume));
        });
    }

    private static void removing(ErrorCode otherwise, Path tree, Change removal) throws IOException {
        try {
            removal.run();
        } catch (IOException failure) {
            StorageException known = KernelException.storage("remove " + tree, failure);
            throw known.code() == ErrorCode.IO_FAILED
                    ? new StorageException(otherwise, String.valueOf(known.getMessage()), failure)
                    : known;
        }
    }

    @Override
    public List<VolumeName> volumes() {
        return attempt("list the volumes of " + layout.root(), volumes::names);
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        return change("take snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            files.requireVolume(volume);
            files.requireNoSnapshot(volume, label);
            return new SnapshotOutcome(snapshots.take(volume, label, work));
        });
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        change("remove snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            Path snapshot = layout.snapshot(volume, label);
            Mounts.requireNoneWithin(snapshot, "cannot remove snapshot '" + label.fullName(volume) + "'");
            removing(ErrorCode.SNAPSHOT_REMOVAL_FAILED, snapshot, () -> snapshots.discard(volume, label));
        });
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        return attempt("list the snapshots of volume '" + volume + "'", () -> snapshots.labels(volume));
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        return change("roll volume '" + volume + "' back to '" + from + "'", volume, () -> {
            files.requireVolume(volume);
            files.requireSnapshot(volume, from);
            files.requireNoSnapshot(volume, undo);
            return new SnapshotOutcome(rollback.run(volume, from, undo, work));
        });
    }

    @Override
    public Path begin(VolumeName volume, SnapshotLabel label, long bytes) {
        return change("begin snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            files.requireVolume(volume);
            files.requireNoSnapshot(volume, label);
            files.requireSpace(bytes);
            return imports.begin(volume, label);
        });
    }

    @Override
    public void commit(VolumeName volume, SnapshotLabel label) {
        change("complete snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            files.requireVolume(volume);
            files.requireNoSnapshot(volume, label);
            imports.commit(volume, label);
        });
    }

    @Override
    public void abandon(VolumeName volume, SnapshotLabel label) {
        change("abandon snapshot '" + label + "' of volume '" + volume + "'", volume, () -> {
            imports.abandon(volume, label);
        });
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        return attempt("find volume '" + volume + "'", () -> {
            heads.settleAgain(volume);
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
        String why = "volumes of this store have no size of their own; they share its filesystem";
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
            data.put("DataCopied", duplication.means().toString());
            data.putAll(new TreeMap<>(settings.facts()));
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
            return attempt(action, () -> {
                heads.settleAgain(volume);
                return step.run();
            });
        } catch (StorageException failure) {
            throw failure.with("volume", volume);
        } finally {
            volumes.changed();
            snapshots.changed(volume);
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
