package io.varve.driver.btrfs;

import io.varve.driver.btrfs.BtrfsIoctls.SubvolumeInfo;
import io.varve.driver.btrfs.StoreRoot.Found;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FilesystemSpace;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.Mounts;
import io.varve.spi.Capability;
import io.varve.spi.ChangeDetection;
import io.varve.spi.Driver;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.NativeStream;
import io.varve.spi.RemovalCheck;
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
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Function;
import java.util.stream.Stream;

/**
 * A store on btrfs: a volume is a subvolume directly in the root, a snapshot a read-only subvolume at its place.
 *
 * <p>Taking a snapshot is one ioctl, which the kernel commits before it returns; nothing is synced besides. What is
 * made in several steps (a volume, an import, a rollback) is made in the driver's private directory and appears at its
 * place by one step. Subvolumes that others made inside a volume are not part of its snapshots (btrfs leaves an empty
 * directory there): every outcome names them, and nothing that contains one is ever removed.
 */
final class BtrfsDriver implements Driver, SnapshotBuilder, NativeStream, RemovalCheck, ChangeDetection {
    private static final int PRIVATE = 0700;
    private static final int PUBLIC = 0755;

    private final StoreLayout given;
    private final StoreRoot root;
    private final StoreLayout layout;
    private final Subvolumes subvolumes;
    private final boolean administrator;
    private final Rollback rollback;
    private final Path creating;
    private final Path building;
    private final Listing<VolumeName> volumes;
    private final ConcurrentMap<VolumeName, Listing<SnapshotLabel>> snapshots = new ConcurrentHashMap<>();
    private final List<String> unsettled = new CopyOnWriteArrayList<>();

    /**
     * Opens a store and settles what an earlier process left in it.
     *
     * @param administrator whether the kernel lets this process do everything, sending included
     */
    BtrfsDriver(StoreLayout given, Subvolumes subvolumes, boolean administrator) throws IOException {
        this.given = given;
        this.root = StoreRoot.open(given);
        this.layout = root.layout();
        this.subvolumes = subvolumes;
        this.administrator = administrator;
        this.rollback = new Rollback(root, subvolumes);
        this.creating = layout.driverPrivate().resolve("creating");
        this.building = layout.driverPrivate().resolve("building");
        this.volumes = new Listing<>(root, layout.root(), reader(VolumeName::of));
        this.unsettled.addAll(settle());
    }

    /** Names that break our rules are not ours. */
    private static <T> Function<String, Stream<T>> reader(Function<String, T> parse) {
        return name -> {
            try {
                return Stream.of(parse.apply(name));
            } catch (StorageException foreign) {
                return Stream.empty();
            }
        };
    }

    private List<String> settle() throws IOException {
        List<String> problems = new ArrayList<>(rollback.settleAll());
        for (Path half : StoreRoot.entries(creating)) {
            problems.addAll(cleared(half));
        }
        for (Path volume : StoreRoot.entries(building)) {
            for (Path half : StoreRoot.entries(volume)) {
                problems.addAll(cleared(half));
            }
            StoreRoot.removeIfEmpty(volume);
        }
        for (Path volume : StoreRoot.entries(layout.snapshots())) {
            for (Path half : StoreRoot.entries(volume)) {
                String name = StoreRoot.name(half);
                if (name.startsWith(".") && name.endsWith(StoreRoot.REMOVED_SUFFIX)) {
                    problems.addAll(cleared(half));
                }
            }
            StoreRoot.removeIfEmpty(volume);
        }
        return problems;
    }

    private List<String> cleared(Path half) {
        try {
            clear(half);
            return List.of();
        } catch (IOException | StorageException failure) {
            return List.of("the unfinished tree " + half + " cannot be removed: " + failure.getMessage());
        }
    }

    private void clear(Path half) throws IOException {
        if (root.isSubvolume(half)) {
            subvolumes.delete(half);
        }
    }

    @Override
    public Set<Capability> capabilities() {
        Set<Capability> all = EnumSet.of(
                Capability.INSTANT_SNAPSHOT,
                Capability.COMMITS_FILESYSTEM,
                Capability.IMPORT,
                Capability.CHANGE_DETECTION);
        if (administrator) {
            all.add(Capability.NATIVE_STREAM);
        }
        return Set.copyOf(all);
    }

    @Override
    public void createVolume(VolumeName volume, VolumeSpec spec) {
        String action = "cannot make volume '" + volume + "'";
        if (spec.size().isPresent()) {
            throw new StorageException(
                    ErrorCode.NOT_SUPPORTED, action + " with a size: a btrfs volume has none; leave the size out");
        }
        run(action, Map.of("volume", volume), () -> {
            requireFree(layout.volume(volume), action);
            Path half = creating.resolve(volume.value());
            StoreRoot.ensureDirectory(layout.driverPrivate(), PRIVATE);
            StoreRoot.ensureDirectory(creating, PRIVATE);
            clear(half);
            subvolumes.create(half);
            Kernel.setPermissions(half, PUBLIC);
            placeVolume(half, layout.volume(volume), action);
        });
    }

    private void placeVolume(Path half, Path head, String action) throws IOException {
        try {
            Kernel.renameNew(half, head);
        } catch (KernelException failure) {
            subvolumes.delete(half);
            requireFree(head, action);
            throw failure;
        }
        volumes.changed();
        StoreRoot.sync(layout.root());
    }

    private void requireFree(Path head, String action) throws IOException {
        switch (root.look(head)) {
            case ABSENT -> {}
            case SUBVOLUME -> throw new StorageException(ErrorCode.VOLUME_EXISTS, action + ": it exists already");
            case MOUNTED, FOREIGN ->
                throw new StorageException(
                        ErrorCode.PATH_IS_STORE,
                        action + ": something that is not a volume is at " + head + "; move it away or choose another"
                                + " name");
        }
    }

    @Override
    public void deleteVolume(VolumeName volume) {
        String action = "cannot remove volume '" + volume + "'";
        run(action, Map.of("volume", volume), () -> {
            remove(layout.volume(volume), action, ErrorCode.VOLUME_REMOVAL_FAILED);
            volumes.changed();
            snapshots.remove(volume);
            StoreRoot.removeIfEmpty(layout.snapshots(volume));
        });
    }

    @Override
    public void deleteSnapshot(VolumeName volume, SnapshotLabel label) {
        String action = "cannot remove snapshot '" + label.fullName(volume) + "'";
        run(action, names(volume, label), () -> {
            remove(layout.snapshot(volume, label), action, ErrorCode.SNAPSHOT_REMOVAL_FAILED);
            StoreRoot.removeIfEmpty(layout.snapshots(volume));
            listing(volume).removed(label, label.value());
        });
    }

    /** What is not a subvolume is not ours, so it counts as absent. */
    private void remove(Path tree, String action, ErrorCode otherwise) throws IOException {
        Found found = root.look(tree);
        if (found == Found.ABSENT || found == Found.FOREIGN) {
            return;
        }
        Mounts.requireNoneWithin(tree, action);
        StoreRoot.requireNothingNested(tree, action);
        try {
            subvolumes.delete(tree);
        } catch (KernelException failure) {
            throw removalFailure(action, failure, otherwise);
        }
        StoreRoot.commit(StoreRoot.parent(tree));
    }

    @Override
    public List<String> obstacles(VolumeName volume, Optional<SnapshotLabel> label) {
        Path tree = label.map(snapshot -> layout.snapshot(volume, snapshot)).orElse(layout.volume(volume));
        String action = "'" + tree + "' cannot be removed";
        return call(action, Map.of("volume", volume), () -> switch (root.look(tree)) {
            case ABSENT, FOREIGN -> List.of();
            case MOUNTED -> List.of(action + ": something is mounted over it; unmount it first");
            case SUBVOLUME -> nestedIn(tree, action);
        });
    }

    private static List<String> nestedIn(Path tree, String action) throws IOException {
        try {
            StoreRoot.requireNothingNested(tree, action);
            return List.of();
        } catch (StorageException refusal) {
            return List.of(String.valueOf(refusal.getMessage()));
        }
    }

    private StorageException removalFailure(String action, KernelException failure, ErrorCode otherwise) {
        String because = action + ": " + failure.getMessage();
        if (failure.errno() == Errno.EPERM && administrator) {
            String why = "; it is being sent, or it is the filesystem's default subvolume";
            return new StorageException(ErrorCode.BUSY, because + why, failure);
        }
        if (failure.errno() == Errno.ENOTEMPTY) {
            return new StorageException(ErrorCode.BUSY, because + "; a subvolume was just made in it", failure);
        }
        StorageException general = root.failure(action, failure);
        boolean unexplained = failure.errno().code() == ErrorCode.IO_FAILED && failure.errno() != Errno.EROFS;
        return unexplained ? new StorageException(otherwise, String.valueOf(general.getMessage()), failure) : general;
    }

    @Override
    public List<VolumeName> volumes() {
        return call("cannot list the volumes", Map.of(), () -> List.copyOf(volumes.values()));
    }

    @Override
    public Set<SnapshotLabel> snapshots(VolumeName volume) {
        String action = "cannot list the snapshots of volume '" + volume + "'";
        return call(action, Map.of("volume", volume), () -> listing(volume).values());
    }

    private Listing<SnapshotLabel> listing(VolumeName volume) {
        return snapshots.computeIfAbsent(
                volume, name -> new Listing<>(root, layout.snapshots(name), reader(SnapshotLabel::of)));
    }

    @Override
    public SnapshotOutcome createSnapshot(VolumeName volume, SnapshotLabel label, Work work) {
        String action = "cannot take snapshot '" + label.fullName(volume) + "'";
        return call(action, names(volume, label), () -> {
            Path head = requireVolume(volume, action);
            Work.checkpoint(work);
            List<String> nested = StoreRoot.nested(head);
            place(head, volume, label, action);
            return new SnapshotOutcome(nested.isEmpty() ? List.of() : List.of(leftOut(nested)));
        });
    }

    /** Makes a read-only snapshot at its final place: whole and durable, or not at all. */
    private void place(Path source, VolumeName volume, SnapshotLabel label, String action) throws IOException {
        StoreRoot.ensureDirectory(layout.snapshots(volume), PUBLIC);
        Path target = layout.snapshot(volume, label);
        try {
            subvolumes.snapshot(source, target, Subvolumes.Access.READ_ONLY);
        } catch (IOException failure) {
            if (Subvolumes.isTaken(failure)) {
                throw exists(volume, label, action);
            }
            throw failure;
        }
        listing(volume).added(label, label.value());
    }

    private static String leftOut(List<String> nested) {
        return "the subvolumes " + StoreRoot.some(nested) + " are not in the snapshot, which has empty directories in"
                + " their places: btrfs snapshots one subvolume at a time";
    }

    @Override
    public SnapshotOutcome revert(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) {
        String action = "cannot roll volume '" + volume + "' back to '" + from + "'";
        return call(action, names(volume, from), () -> {
            Path head = requireVolume(volume, action);
            Path source = requireSnapshot(volume, from, action);
            requireNoSnapshot(volume, undo, action);
            Mounts.requireNoneWithin(head, action);
            List<String> warnings = rollback.revert(volume, source, undo, work);
            listing(volume).changed();
            return new SnapshotOutcome(warnings);
        });
    }

    private Path requireVolume(VolumeName volume, String action) throws IOException {
        Path head = layout.volume(volume);
        return switch (root.look(head)) {
            case SUBVOLUME -> head;
            case MOUNTED -> throw hidden(head, action);
            case ABSENT, FOREIGN ->
                throw new StorageException(
                        ErrorCode.VOLUME_NOT_FOUND, action + ": there is no volume '" + volume + "'");
        };
    }

    private Path requireSnapshot(VolumeName volume, SnapshotLabel label, String action) throws IOException {
        Path tree = layout.snapshot(volume, label);
        return switch (root.look(tree)) {
            case SUBVOLUME -> tree;
            case MOUNTED -> throw hidden(tree, action);
            case ABSENT, FOREIGN ->
                throw new StorageException(
                        ErrorCode.SNAPSHOT_NOT_FOUND,
                        action + ": there is no snapshot '" + label.fullName(volume) + "'");
        };
    }

    private void requireNoSnapshot(VolumeName volume, SnapshotLabel label, String action) throws IOException {
        if (root.look(layout.snapshot(volume, label)) != Found.ABSENT) {
            throw exists(volume, label, action);
        }
    }

    private static StorageException exists(VolumeName volume, SnapshotLabel label, String action) {
        String what = "snapshot '" + label.fullName(volume) + "'";
        return new StorageException(ErrorCode.SNAPSHOT_EXISTS, action + ": " + what + " exists already")
                .with("snapshot", label);
    }

    private static StorageException hidden(Path tree, String action) {
        return new StorageException(
                ErrorCode.BUSY, action + ": something is mounted over " + tree + "; unmount it first");
    }

    @Override
    public Path expose(VolumeName volume, Optional<SnapshotLabel> label) {
        return label.map(snapshot -> expose(volume, snapshot)).orElseGet(() -> expose(volume));
    }

    private Path expose(VolumeName volume, SnapshotLabel label) {
        String action = "cannot show snapshot '" + label.fullName(volume) + "'";
        return call(action, names(volume, label), () -> {
            requireSnapshot(volume, label, action);
            return given.snapshot(volume, label);
        });
    }

    private Path expose(VolumeName volume) {
        String action = "cannot show volume '" + volume + "'";
        return call(action, Map.of("volume", volume), () -> {
            requireVolume(volume, action);
            return given.volume(volume);
        });
    }

    /** Nothing is held for a volume. */
    @Override
    public void release(VolumeName volume) {}

    @Override
    public void resize(VolumeName volume, long bytes) {
        throw new StorageException(
                        ErrorCode.NOT_SUPPORTED,
                        "cannot resize volume '" + volume + "': a btrfs volume has no size; it shares the space of its"
                                + " filesystem")
                .with("volume", volume);
    }

    @Override
    public DriverStatus status() {
        return call("cannot tell the status of the store", Map.of(), () -> {
            FilesystemSpace space = Kernel.space(layout.root());
            return new DriverStatus(
                    new DriverStatus.Space(space.total(), space.used(), space.available()),
                    Map.of("DataFile", given.root().toString()),
                    usage(),
                    Optional.empty(),
                    unsettled);
        });
    }

    private List<Usage> usage() throws IOException {
        try (Directory open = Directory.open(layout.root())) {
            return BtrfsIoctls.space(open.descriptor()).stream()
                    .flatMap(BtrfsIoctls.BlockGroups::usage)
                    .toList();
        }
    }

    @Override
    public Path begin(VolumeName volume, SnapshotLabel label, long bytes) {
        String action = "cannot begin snapshot '" + label.fullName(volume) + "'";
        return call(action, names(volume, label), () -> {
            requireNoSnapshot(volume, label, action);
            requireSpace(bytes, action);
            Path half = half(volume, label);
            StoreRoot.ensureDirectory(layout.driverPrivate(), PRIVATE);
            StoreRoot.ensureDirectory(building, PRIVATE);
            StoreRoot.ensureDirectory(StoreRoot.parent(half), PRIVATE);
            clear(half);
            subvolumes.create(half);
            Kernel.setPermissions(half, PUBLIC);
            return half;
        });
    }

    private void requireSpace(long bytes, String action) throws IOException {
        long available = Kernel.space(layout.root()).available();
        if (bytes > available) {
            throw new StorageException(
                    ErrorCode.NO_SPACE, action + ": it needs " + bytes + " bytes and " + available + " are free");
        }
    }

    private Path half(VolumeName volume, SnapshotLabel label) {
        return building.resolve(volume.value()).resolve(label.value());
    }

    /** A read-only subvolume cannot move to another directory, so the snapshot is one of the tree, made in place. */
    @Override
    public void commit(VolumeName volume, SnapshotLabel label) {
        String action = "cannot finish snapshot '" + label.fullName(volume) + "'";
        run(action, names(volume, label), () -> {
            Path half = half(volume, label);
            if (!root.isSubvolume(half)) {
                throw new StorageException(ErrorCode.SNAPSHOT_NOT_FOUND, action + ": it was not begun");
            }
            place(half, volume, label, action);
            unsettled.addAll(cleared(half));
            StoreRoot.removeIfEmpty(StoreRoot.parent(half));
        });
    }

    @Override
    public void abandon(VolumeName volume, SnapshotLabel label) {
        run("cannot throw away snapshot '" + label.fullName(volume) + "'", names(volume, label), () -> {
            Path half = half(volume, label);
            if (root.isSubvolume(half)) {
                subvolumes.delete(half);
                StoreRoot.commit(building);
            }
            StoreRoot.removeIfEmpty(StoreRoot.parent(half));
        });
    }

    @Override
    public void send(
            VolumeName volume, SnapshotLabel label, Optional<SnapshotLabel> parent, OutputStream target, Work work) {
        String action = "cannot send snapshot '" + label.fullName(volume) + "'";
        if (!administrator) {
            throw new StorageException(
                    ErrorCode.NOT_SUPPORTED, action + ": the kernel sends subvolumes for CAP_SYS_ADMIN alone");
        }
        run(action, names(volume, label), () -> {
            Path tree = requireSnapshot(volume, label, action);
            long parentId = parent.isPresent()
                    ? StoreRoot.info(requireSnapshot(volume, parent.get(), action))
                            .id()
                    : 0;
            try (Directory snapshot = Directory.open(tree)) {
                SendStream.write(snapshot.descriptor(), parentId, target, work);
            }
        });
    }

    /** Data in memory alone does not show in the numbers, so what looks unchanged is asked again when it is written. */
    @Override
    public boolean isUnchanged(VolumeName volume, SnapshotLabel since) {
        String action = "cannot tell whether volume '" + volume + "' changed since '" + since + "'";
        return call(action, names(volume, since), () -> {
            Path tree = requireVolume(volume, action);
            SubvolumeInfo snapshot = StoreRoot.info(requireSnapshot(volume, since, action));
            try (Directory head = Directory.open(tree)) {
                if (!BtrfsIoctls.info(head.descriptor()).isUnchangedSince(snapshot)) {
                    return false;
                }
                head.descriptor().syncFilesystem();
                return BtrfsIoctls.info(head.descriptor()).isUnchangedSince(snapshot);
            }
        });
    }

    /** Nothing is held open. */
    @Override
    public void close() {}

    private static Map<String, Object> names(VolumeName volume, SnapshotLabel label) {
        return Map.of("volume", volume, "snapshot", label);
    }

    /** Something that may fail in the kernel. */
    private interface Step {
        void run() throws IOException;
    }

    /** The same, with a result. */
    private interface Call<T> {
        T run() throws IOException;
    }

    private void run(String action, Map<String, ?> names, Step step) {
        call(action, names, () -> {
            step.run();
            return true;
        });
    }

    private <T> T call(String action, Map<String, ?> names, Call<T> call) {
        try {
            return call.run();
        } catch (IOException failure) {
            throw named(root.failure(action, failure), names);
        } catch (StorageException failure) {
            throw named(failure, names);
        }
    }

    private static StorageException named(StorageException failure, Map<String, ?> names) {
        StorageException named = failure;
        for (Map.Entry<String, ?> name : names.entrySet()) {
            named = named.with(name.getKey(), name.getValue());
        }
        return named;
    }
}
