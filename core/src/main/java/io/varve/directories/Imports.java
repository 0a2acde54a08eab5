package io.varve.directories;

import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.Path;

/** Snapshots whose content comes from outside, while they are built. */
final class Imports {
    private final DriverFiles files;
    private final Snapshots snapshots;
    private final LinkBases bases;
    private final TreeMoves moves;

    Imports(DriverFiles files, TreeMoves moves, Snapshots snapshots, LinkBases bases) {
        this.files = files;
        this.snapshots = snapshots;
        this.bases = bases;
        this.moves = moves;
    }

    /** An empty tree; what an earlier attempt left is thrown away. */
    Path begin(VolumeName volume, SnapshotLabel label) throws IOException {
        Path tree = tree(volume, label);
        moves.discard(tree);
        DurableFiles.makeDirectories(tree);
        Kernel.setPermissions(tree, DriverFiles.OWNER_WRITES_ALL_READ);
        return tree;
    }

    void commit(VolumeName volume, SnapshotLabel label) throws IOException {
        Path tree = tree(volume, label);
        try (Descriptor filesystem = Kernel.open(tree, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            filesystem.syncFilesystem();
        }
        bases.keepForeign(volume, label);
        snapshots.publish(volume, label, tree);
        Snapshots.removeIfEmpty(files.imports(volume));
    }

    void abandon(VolumeName volume, SnapshotLabel label) throws IOException {
        moves.discard(tree(volume, label));
        Snapshots.removeIfEmpty(files.imports(volume));
    }

    private Path tree(VolumeName volume, SnapshotLabel label) {
        return files.imports(volume).resolve(label.value());
    }
}
