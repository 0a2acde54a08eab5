package io.varve.directories;

import io.varve.linux.Descriptor;
import io.varve.linux.Kernel;
import io.varve.linux.Mounts;
import io.varve.linux.OpenFlag;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Brings a head back to a snapshot: a copy that shares nothing with the snapshot is made aside, whole and durable, and
 * takes the head's place in one step.
 */
final class Rollback {
    private final DriverFiles files;
    private final Rsync rsync;
    private final HeadWalk.Manner manner;
    private final TreeMoves moves;
    private final HeadSwitch heads;
    private final LinkBases bases;

    Rollback(
            DriverFiles files,
            Rsync rsync,
            HeadWalk.Manner manner,
            TreeMoves moves,
            HeadSwitch heads,
            LinkBases bases) {
        this.files = files;
        this.rsync = rsync;
        this.manner = manner;
        this.moves = moves;
        this.heads = heads;
        this.bases = bases;
    }

    /** @return what a person should know */
    List<String> run(VolumeName volume, SnapshotLabel from, SnapshotLabel undo, Work work) throws IOException {
        requireUnmounted(volume, from);
        bases.drop(volume, undo);
        Path room = files.newRoom();
        Likeness likeness = copyAside(files.layout().snapshot(volume, from), room, work);
        requireUnmounted(volume, from);
        heads.exchange(volume, undo, room, work);
        List<String> warnings = new ArrayList<>(rsync.shortcomings());
        if (bases.contains(volume, from)) {
            bases.keep(volume, from, likeness).ifPresent(warnings::add);
        }
        return warnings;
    }

    /** What is mounted in either tree would be missing in the copy, or move into the undo point. */
    private void requireUnmounted(VolumeName volume, SnapshotLabel from) throws IOException {
        String action = "cannot roll volume '" + volume + "' back to '" + from + "'";
        Mounts.requireNoneWithin(files.layout().volume(volume), action);
        Mounts.requireNoneWithin(files.layout().snapshot(volume, from), action);
    }

    private Likeness copyAside(Path snapshot, Path room, Work work) throws IOException {
        DriverFiles.writeBack(room);
        try (Descriptor filesystem = Kernel.open(room, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            Path tree = Files.createDirectory(room.resolve(HeadSwitch.TREE));
            if (manner.duplication().isPossible()) {
                HeadWalk.walk(snapshot, Optional.empty(), tree, manner, path -> {}, work);
            }
            if (!rsync.copy(snapshot, tree, List.of(), work).isWhole()) {
                throw new StorageException(ErrorCode.IO_FAILED, snapshot + " changed while it was copied");
            }
            Likeness likeness = Likeness.ofCopy(tree, DriverFiles.now(room));
            filesystem.syncFilesystem();
            return likeness;
        } catch (IOException | RuntimeException failure) {
            moves.discard(room);
            throw failure;
        }
    }
}
