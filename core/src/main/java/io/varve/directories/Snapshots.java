package io.varve.directories;

import io.varve.directories.SnapshotCopy.Draft;
import io.varve.linux.Kernel;
import io.varve.linux.WatchedDirectory;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * The snapshots and the places where they are seen: a whole and durable tree is moved there in one step, and from there
 * to the trash in one step. A volume without snapshots has no such place.
 */
final class Snapshots {
    private final DriverFiles files;
    private final StoreLayout layout;
    private final TreeMoves moves;
    private final LinkBases bases;
    private final SnapshotCopy copies;
    private final Map<VolumeName, WatchedDirectory> watched = new ConcurrentHashMap<>();

    Snapshots(DriverFiles files, TreeMoves moves, LinkBases bases, SnapshotCopy copies) {
        this.files = files;
        this.layout = files.layout();
        this.moves = moves;
        this.bases = bases;
        this.copies = copies;
    }

    /**
     * Copies the head in a room of its own, makes the copy durable and moves it to where it is seen.
     *
     * @return what a person should know
     */
    List<String> take(VolumeName volume, SnapshotLabel label, Work work) throws IOException {
        Path room = files.newRoom();
        try {
            Draft draft = copies.copy(layout.volume(volume), bases.newest(volume), room, work);
            Work.checkpoint(work);
            bases.drop(volume, label);
            publish(volume, label, draft.tree());
            List<String> warnings = new ArrayList<>(draft.warnings());
            bases.keep(volume, label, draft.likeness()).ifPresent(warnings::add);
            return warnings;
        } finally {
            moves.discard(room);
        }
    }

    /** Moves a whole and durable tree to a snapshot's place; taken away again where that cannot be made durable. */
    void publish(VolumeName volume, SnapshotLabel label, Path tree) throws IOException {
        Path snapshot = makeRoom(volume, label);
        moves.move(tree, snapshot);
        try {
            moves.sync(layout.snapshots(volume));
        } catch (IOException failure) {
            moves.discard(snapshot);
            throw failure;
        }
    }

    /**
     * The place of a snapshot, in a directory that is there. Snapshots keep the owners of their files, so those owners
     * could write to them; a parent that only the store's owner may enter keeps them out.
     */
    Path makeRoom(VolumeName volume, SnapshotLabel label) throws IOException {
        Path directory = layout.snapshots(volume);
        if (!Kernel.exists(directory)) {
            Files.createDirectory(directory, DriverFiles.FOR_OWNER_ALONE);
            moves.sync(layout.snapshots());
        }
        return layout.snapshot(volume, label);
    }

    /** Takes a snapshot away. Idempotent. */
    void discard(VolumeName volume, SnapshotLabel label) throws IOException {
        bases.drop(volume, label);
        moves.discard(layout.snapshot(volume, label));
        removeIfEmpty(layout.snapshots(volume));
    }

    /** Removes the places of volumes without snapshots, which a process that died has left. */
    void settle() throws IOException {
        try (DirectoryStream<Path> volumes = Files.newDirectoryStream(layout.snapshots())) {
            for (Path volume : volumes) {
                if (Files.isDirectory(volume)) {
                    removeIfEmpty(volume);
                }
            }
        }
    }

    /** Removes a directory with nothing in it; an absent one, or one with something in it, is fine. */
    static void removeIfEmpty(Path directory) throws IOException {
        try {
            Files.deleteIfExists(directory);
        } catch (DirectoryNotEmptyException used) {
            return;
        }
    }

    /** The labels; where nothing changed since the last call, that costs a system call. */
    Set<SnapshotLabel> labels(VolumeName volume) throws IOException {
        WatchedDirectory directory =
                watched.computeIfAbsent(volume, name -> new WatchedDirectory(layout.snapshots(name)));
        Set<SnapshotLabel> labels = new LinkedHashSet<>();
        for (String name : directory.names()) {
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

    /** Makes the next listing read the disk; for the writer, whose change may fall into one tick of the file clock. */
    void changed(VolumeName volume) {
        watched.remove(volume);
    }
}
