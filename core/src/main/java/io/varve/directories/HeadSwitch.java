package io.varve.directories;

import io.varve.directories.Intents.Intent;
import io.varve.linux.DurableFiles;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Puts a finished tree in a head's place: a new volume's, or one that takes over from the old head.
 *
 * <p>Before the one step that does it, an intent with the tree's inode number is on disk. Afterwards the tree is where
 * it was, or the old head is there instead (an exchange), or nothing is (a rename), so that the next open can tell
 * whether the step happened and complete or undo it.
 */
final class HeadSwitch {
    /** The name of the tree in its room. */
    static final String TREE = Intents.TREE;

    private final DriverFiles files;
    private final TreeMoves moves;
    private final Snapshots snapshots;
    private final Intents intents;
    private final Map<VolumeName, Intent> unsettled = new ConcurrentHashMap<>();

    HeadSwitch(DriverFiles files, TreeMoves moves, Snapshots snapshots) {
        this.files = files;
        this.moves = moves;
        this.snapshots = snapshots;
        this.intents = new Intents(files, moves);
    }

    private interface Step {
        void run(Intent intent) throws IOException;
    }

    /** Puts a new empty head in place and marks it as a volume. */
    void create(VolumeName volume) throws IOException {
        Path room = files.newRoom();
        Path tree = Files.createDirectory(room.resolve(TREE));
        Kernel.setPermissions(tree, DriverFiles.OWNER_WRITES_ALL_READ);
        carryOut(volume, Optional.empty(), room, this::putNew);
    }

    /**
     * Exchanges the head and the tree {@value #TREE} in a room; the old head becomes a snapshot.
     *
     * @param room as {@link DriverFiles#newRoom} made it; the tree in it is whole and durable. Gone afterwards, also
     *     where this fails
     */
    void exchange(VolumeName volume, SnapshotLabel undo, Path room, Work work) throws IOException {
        carryOut(volume, Optional.of(undo), room, intent -> {
            Work.checkpoint(work);
            moves.exchange(intent.tree(), head(intent));
            nameOldHead(intent, undo);
        });
    }

    private void carryOut(VolumeName volume, Optional<SnapshotLabel> undo, Path room, Step step) throws IOException {
        Intent intent = begin(volume, undo, room);
        try {
            step.run(intent);
        } catch (IOException | RuntimeException failure) {
            takeBack(intent, failure);
            throw failure;
        }
        end(intent);
    }

    private Intent begin(VolumeName volume, Optional<SnapshotLabel> undo, Path room) throws IOException {
        try {
            return intents.begin(volume, undo, room);
        } catch (IOException | RuntimeException failure) {
            moves.discard(room);
            throw failure;
        }
    }

    private void putNew(Intent intent) throws IOException {
        Path head = head(intent);
        try {
            moves.move(intent.tree(), head);
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EEXIST) {
                throw foreign(head, failure);
            }
            throw failure;
        }
        moves.sync(files.layout().root());
        DurableFiles.makeDirectories(files.marker(intent.volume()));
    }

    private static StorageException foreign(Path head, KernelException failure) {
        return new StorageException(
                ErrorCode.PATH_IS_STORE,
                head + " is there already and is not a volume of this store; move it away or choose another name",
                failure);
    }

    private void nameOldHead(Intent intent, SnapshotLabel undo) throws IOException {
        moves.sync(files.layout().root());
        moves.sync(intent.room());
        moves.move(intent.tree(), snapshots.makeRoom(intent.volume(), undo));
        moves.sync(files.layout().snapshots(intent.volume()));
    }

    /** Undoes what was done of an intent that failed; where that fails too, it is tried again later. */
    private void takeBack(Intent intent, Exception failure) {
        try {
            undo(intent);
        } catch (IOException | RuntimeException again) {
            failure.addSuppressed(again);
            unsettled.put(intent.volume(), intent);
        }
    }

    /**
     * Undoes what could not be undone when it failed, for example because the server was away; before anything else is
     * done to that volume.
     *
     * @throws IOException where it still cannot be undone
     */
    void settleAgain(VolumeName volume) throws IOException {
        if (unsettled.containsKey(volume)) {
            synchronized (unsettled) {
                Intent intent = unsettled.get(volume);
                if (intent != null) {
                    undo(intent);
                    unsettled.remove(volume);
                }
            }
        }
    }

    private void undo(Intent intent) throws IOException {
        settleExchange(intent);
        if (isInPlace(intent)) {
            putBack(intent);
        }
        end(intent);
    }

    private void settleExchange(Intent intent) throws IOException {
        if (intent.undo().isPresent()) {
            moves.settleExchange(intent.tree(), head(intent));
        }
    }

    private void putBack(Intent intent) throws IOException {
        if (intent.undo().isEmpty()) {
            moves.move(head(intent), intent.tree());
        } else {
            Path named = files.layout().snapshot(intent.volume(), intent.undo().get());
            if (!Kernel.exists(intent.tree())) {
                moves.move(named, intent.tree());
            }
            moves.exchange(intent.tree(), head(intent));
        }
        moves.sync(files.layout().root());
    }

    /** Completes or undoes what a process that died had begun. */
    void settle() throws IOException {
        for (Intent intent : intents.pending()) {
            settle(intent);
        }
    }

    private void settle(Intent intent) throws IOException {
        settleExchange(intent);
        if (intent.undo().isPresent() && hasOldHead(intent)) {
            requireFree(intent, intent.undo().get());
            nameOldHead(intent, intent.undo().get());
        } else if (intent.undo().isEmpty() && isInPlace(intent)) {
            DurableFiles.makeDirectories(files.marker(intent.volume()));
        }
        end(intent);
    }

    private boolean isInPlace(Intent intent) throws IOException {
        return isTree(head(intent), intent.inode());
    }

    /** The exchange happened: at the tree's place there is another directory now. */
    private static boolean hasOldHead(Intent intent) throws IOException {
        return Kernel.exists(intent.tree()) && !isTree(intent.tree(), intent.inode());
    }

    private static boolean isTree(Path path, long inode) throws IOException {
        return Kernel.exists(path) && Kernel.stat(path).inode() == inode;
    }

    private void requireFree(Intent intent, SnapshotLabel undo) throws IOException {
        Path named = files.layout().snapshot(intent.volume(), undo);
        if (Kernel.exists(named)) {
            throw new StorageException(
                    ErrorCode.SNAPSHOT_EXISTS,
                    "a rollback of volume '" + intent.volume() + "' was interrupted; its old state is at "
                            + intent.tree() + " and should be kept as " + named
                            + ", but that is there already: move one of them away");
        }
    }

    /** The intent is settled. Its room goes, but never with an old head in it. */
    private void end(Intent intent) throws IOException {
        if (intent.undo().isPresent() && hasOldHead(intent)) {
            throw new StorageException(ErrorCode.IO_FAILED, "the old head is still at " + intent.tree());
        }
        intents.end(intent);
        moves.discard(intent.room());
    }

    private Path head(Intent intent) {
        return files.layout().volume(intent.volume());
    }
}
