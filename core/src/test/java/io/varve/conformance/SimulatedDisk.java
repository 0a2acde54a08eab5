package io.varve.conformance;

import io.varve.conformance.SimulatedBehaviour.Step;
import io.varve.linux.DurableFiles;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.Trees;
import io.varve.linux.WatchedDirectory;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The directories of a simulated store. A tree comes and goes by one rename each, so what stands at its place is whole.
 *
 * <pre>
 * driver/staging/UUID             being made
 * driver/builds/VOLUME/LABEL      being imported
 * driver/switches/VOLUME/INODE.UNDO   about to change places with the head; once it has, the old head
 * driver/limits/VOLUME            a volume's size
 * driver/trash/UUID               being removed
 * </pre>
 */
final class SimulatedDisk {
    final StoreLayout layout;
    private final SimulatedBehaviour behaviour;
    private final WatchedDirectory heads;
    private final Map<VolumeName, WatchedDirectory> snapshots = new ConcurrentHashMap<>();

    SimulatedDisk(StoreLayout layout, SimulatedBehaviour behaviour) {
        this.layout = layout;
        this.behaviour = behaviour;
        this.heads = new WatchedDirectory(layout.root());
    }

    /** Work on the disk. */
    interface Action<T> {
        T run() throws IOException;
    }

    /** Does the work; {@code what} is said where it fails. */
    static <T> T doing(String what, Action<T> action) {
        try {
            return action.run();
        } catch (IOException failure) {
            throw KernelException.storage("cannot " + what, failure);
        }
    }

    void reach(Step step) {
        behaviour.reach(step);
    }

    private Path own(String name) {
        return layout.driverPrivate().resolve(name);
    }

    Set<String> heads() throws IOException {
        return heads.names();
    }

    Set<String> snapshots(VolumeName volume) throws IOException {
        return watched(volume).names();
    }

    private WatchedDirectory watched(VolumeName volume) {
        return snapshots.computeIfAbsent(volume, name -> new WatchedDirectory(layout.snapshots(name)));
    }

    /** A new empty directory, mode 0755, that nothing lists. */
    Path stage() throws IOException {
        return made(own("staging").resolve(UUID.randomUUID().toString()));
    }

    /** The tree of a snapshot that is being imported. */
    Path build(VolumeName volume, SnapshotLabel label) {
        return own("builds").resolve(volume.value()).resolve(label.value());
    }

    Path made(Path directory) throws IOException {
        DurableFiles.makeDirectories(directory);
        Kernel.setPermissions(directory, 0755);
        return directory;
    }

    void placeHead(Path staged, VolumeName volume) throws IOException {
        move(staged, layout.volume(volume));
        heads.forget();
    }

    void placeSnapshot(Path whole, VolumeName volume, SnapshotLabel label) throws IOException {
        DurableFiles.makeDirectories(layout.snapshots(volume));
        move(whole, layout.snapshot(volume, label));
        watched(volume).forget();
    }

    private static void move(Path from, Path to) throws IOException {
        Kernel.renameNew(from, to);
        DurableFiles.syncDirectory(from.resolveSibling(""));
        DurableFiles.syncDirectory(to.resolveSibling(""));
    }

    /** Takes a tree from its place, which is the step that counts, then frees its space. */
    void discard(Path tree) throws IOException {
        Path trash = own("trash").resolve(UUID.randomUUID().toString());
        try {
            move(tree, trash);
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT) {
                return;
            }
            throw failure;
        } finally {
            heads.forget();
        }
        reach(Step.EMPTY_TRASH);
        Trees.remove(trash);
    }

    void discardSnapshot(VolumeName volume, SnapshotLabel label) throws IOException {
        discard(layout.snapshot(volume, label));
        watched(volume).forget();
        removeIfEmpty(layout.snapshots(volume));
    }

    static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException stillNeeded) {
            // The other snapshots of the volume are there.
        }
    }

    /**
     * Lets a staged tree become the head and the head the snapshot {@code undo}. The staged tree's name tells its inode:
     * whoever finds it there later knows by the inode whether it is still itself or the old head.
     */
    void switchHead(Path staged, VolumeName volume, SnapshotLabel undo) throws IOException {
        Path ready = own("switches")
                .resolve(volume.value())
                .resolve(Kernel.stat(staged).inode() + "." + undo);
        DurableFiles.makeDirectories(ready.resolveSibling(""));
        move(staged, ready);
        try {
            reach(Step.SWITCH);
            Kernel.exchange(ready, layout.volume(volume));
        } catch (IOException | StorageException failure) {
            discard(ready);
            removeIfEmpty(ready.resolveSibling(""));
            throw failure;
        }
        DurableFiles.syncDirectory(layout.root());
        DurableFiles.syncDirectory(ready.resolveSibling(""));
        reach(Step.PLACE_UNDO);
        placeSnapshot(ready, volume, undo);
        removeIfEmpty(ready.resolveSibling(""));
    }

    OptionalLong limit(VolumeName volume) throws IOException {
        try {
            return OptionalLong.of(Long.parseLong(
                    Files.readString(own("limits").resolve(volume.value())).strip()));
        } catch (NoSuchFileException none) {
            return OptionalLong.empty();
        }
    }

    void limit(VolumeName volume, long bytes) throws IOException {
        reach(Step.RECORD_LIMIT);
        DurableFiles.replace(own("limits").resolve(volume.value()), (bytes + "\n").getBytes(StandardCharsets.US_ASCII));
    }

    void forgetLimit(VolumeName volume) throws IOException {
        Files.deleteIfExists(own("limits").resolve(volume.value()));
    }

    /** Finishes or undoes what an earlier process was at when it died. */
    void settle() {
        doing("settle the store at '" + layout.root() + "'", () -> {
            for (String name : List.of("staging", "builds", "switches", "limits", "trash")) {
                DurableFiles.makeDirectories(own(name));
            }
            for (Path volume : inside(own("switches"))) {
                settleSwitches(volume);
            }
            removeRemains();
            return layout;
        });
    }

    private void settleSwitches(Path directory) throws IOException {
        VolumeName volume = VolumeName.of(directory.getFileName().toString());
        for (Path tree : inside(directory)) {
            String[] name = tree.getFileName().toString().split("\\.", 2);
            boolean switched = Kernel.stat(tree).inode() != Long.parseLong(name[0]);
            if (switched) {
                placeSnapshot(tree, volume, SnapshotLabel.of(name[1]));
            } else {
                Trees.remove(tree);
            }
        }
        removeIfEmpty(directory);
    }

    private void removeRemains() throws IOException {
        for (String place : List.of("staging", "builds", "trash")) {
            for (Path tree : inside(own(place))) {
                Trees.remove(tree);
            }
        }
        for (Path limit : inside(own("limits"))) {
            if (!Files.exists(layout.root().resolve(limit.getFileName()))) {
                Files.delete(limit);
            }
        }
        for (Path volume : inside(layout.snapshots())) {
            removeIfEmpty(volume);
        }
    }

    private static List<Path> inside(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        }
        return found;
    }
}
