package io.varve.driver.rsync;

import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.Errno;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.linux.Trash;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/**
 * Puts a finished tree in a head's place: a new volume's, or one that takes over from the old head.
 *
 * <p>Before the one step that does it, an intent with the tree's inode number is on disk. Afterwards the tree is where
 * it was, or the old head is there instead (an exchange), or nothing is (a rename), so that the next open can tell
 * whether the step happened and complete or undo it.
 */
final class HeadSwitch {
    private static final String FORMAT = "varve-rsync-intent 1";
    private static final int LINES = 4;

    /** The name of the tree in its room. */
    static final String TREE = "tree";

    /**
     * What is about to be done.
     *
     * @param room the directory below staging that holds the tree
     * @param undo what the old head becomes; empty where there is none, because the volume is new
     */
    private record Intent(VolumeName volume, Optional<SnapshotLabel> undo, Path room, long inode) {
        Path tree() {
            return room.resolve(TREE);
        }
    }

    private final DriverFiles files;
    private final Trash trash;

    HeadSwitch(DriverFiles files, Trash trash) {
        this.files = files;
        this.trash = trash;
    }

    /** Puts a new empty head in place and marks it as a volume. */
    void create(VolumeName volume) throws IOException {
        Path room = files.newRoom();
        Path tree = Files.createDirectory(room.resolve(TREE));
        Kernel.setPermissions(tree, DriverFiles.OWNER_WRITES_ALL_READ);
        Intent intent = begin(volume, Optional.empty(), room);
        try {
            putNew(intent);
        } catch (IOException | RuntimeException failure) {
            takeBack(intent, failure);
            throw failure;
        }
        end(intent);
    }

    private void putNew(Intent intent) throws IOException {
        Path head = head(intent);
        try {
            Kernel.renameNew(intent.tree(), head);
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EEXIST) {
                throw foreign(head, failure);
            }
            throw failure;
        }
        DriverFiles.sync(files.layout().root());
        DurableFiles.makeDirectories(files.marker(intent.volume()));
    }

    private static StorageException foreign(Path head, KernelException failure) {
        return new StorageException(
                ErrorCode.PATH_IS_STORE,
                head + " is there already and is not a volume of this store; move it away or choose another name",
                failure);
    }

    /**
     * Exchanges the head and the tree {@value #TREE} in a room; the old head becomes a snapshot.
     *
     * @param room as {@link DriverFiles#newRoom} made it; the tree in it is whole and durable. Gone afterwards, also
     *     where this fails
     */
    void exchange(VolumeName volume, SnapshotLabel undo, Path room, Work work) throws IOException {
        Intent intent = begin(volume, Optional.of(undo), room);
        try {
            Work.checkpoint(work);
            DriverFiles.exchange(intent.tree(), head(intent));
            nameOldHead(intent, undo);
        } catch (IOException | RuntimeException failure) {
            takeBack(intent, failure);
            throw failure;
        }
        end(intent);
    }

    private void nameOldHead(Intent intent, SnapshotLabel undo) throws IOException {
        DriverFiles.sync(files.layout().root());
        DriverFiles.sync(intent.room());
        Path snapshots = files.makeSnapshotsDirectory(intent.volume());
        DriverFiles.move(intent.tree(), snapshots.resolve(undo.value()));
        DriverFiles.sync(snapshots);
    }

    /** Undoes what was done of an intent that failed; where that fails too, the intent stays for the next open. */
    private void takeBack(Intent intent, Exception failure) {
        try {
            if (isInPlace(intent)) {
                putBack(intent);
            }
            end(intent);
        } catch (IOException | RuntimeException again) {
            failure.addSuppressed(again);
        }
    }

    private void putBack(Intent intent) throws IOException {
        if (intent.undo().isEmpty()) {
            DriverFiles.move(head(intent), intent.tree());
        } else {
            Path named = files.layout().snapshot(intent.volume(), intent.undo().get());
            if (!Kernel.exists(intent.tree())) {
                DriverFiles.move(named, intent.tree());
            }
            DriverFiles.exchange(intent.tree(), head(intent));
        }
        DriverFiles.sync(files.layout().root());
    }

    /** Completes or undoes what a process that died had begun. */
    void settle() throws IOException {
        try (Directory intents = Directory.open(files.intents())) {
            for (RawName name : intents.names()) {
                if (name.toString().endsWith(DurableFiles.TEMPORARY_SUFFIX)) {
                    intents.unlink(name);
                } else {
                    settle(read(files.intents().resolve(name.toString())));
                }
            }
        }
    }

    private void settle(Intent intent) throws IOException {
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

    private Intent begin(VolumeName volume, Optional<SnapshotLabel> undo, Path room) throws IOException {
        Intent intent =
                new Intent(volume, undo, room, Kernel.stat(room.resolve(TREE)).inode());
        List<String> lines = List.of(
                FORMAT,
                Long.toString(intent.inode()),
                volume.value(),
                undo.map(SnapshotLabel::value).orElse(""));
        try {
            DurableFiles.replace(file(intent), String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            return intent;
        } catch (IOException | RuntimeException failure) {
            end(intent);
            throw failure;
        }
    }

    private Intent read(Path file) throws IOException {
        String[] lines = Files.readString(file).split("\n", -1);
        if (lines.length != LINES || !lines[0].equals(FORMAT)) {
            throw new StorageException(
                    ErrorCode.IO_FAILED, file + " is not of the form '" + FORMAT + "'; was a newer version here?");
        }
        Optional<SnapshotLabel> undo = lines[3].isEmpty() ? Optional.empty() : Optional.of(SnapshotLabel.of(lines[3]));
        Path room = files.staging().resolve(file.getFileName().toString());
        return new Intent(VolumeName.of(lines[2]), undo, room, Long.parseLong(lines[1]));
    }

    /** The intent is settled. Its room goes, but never with an old head in it. */
    private void end(Intent intent) throws IOException {
        if (intent.undo().isPresent() && hasOldHead(intent)) {
            throw new StorageException(ErrorCode.IO_FAILED, "the old head is still at " + intent.tree());
        }
        Files.deleteIfExists(file(intent));
        DriverFiles.sync(files.intents());
        trash.discard(intent.room());
    }

    private Path file(Intent intent) {
        return files.intents().resolve(intent.room().getFileName().toString());
    }

    private Path head(Intent intent) {
        return files.layout().volume(intent.volume());
    }
}
