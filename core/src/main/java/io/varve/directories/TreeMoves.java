package io.varve.directories;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.linux.Trash;

import java.io.IOException;
import java.nio.file.Path;

/**
 * The steps by which whole trees change places and by which that becomes durable: each happens or does not. By system
 * calls alone, which work in an interrupted thread too.
 *
 * <p>A directory looks afterwards as it did before, which the kernel alone does not grant. Without root, it moves a
 * directory to another parent only where its owner may write to it; and some filesystems (xfs) give a directory whose
 * parent becomes another one a new modification time.
 */
public class TreeMoves {
    private static final int OWNER_WRITES = 0200;

    private final Trash trash;

    public TreeMoves(Trash trash) {
        this.trash = trash;
    }

    /** Renames; what is at the new name already stays and the call fails with EEXIST. */
    public void move(Path from, Path to) throws IOException {
        FileStat before = unlock(from);
        boolean moved = false;
        try {
            Kernel.renameNew(from, to);
            moved = true;
        } finally {
            restore(moved ? to : from, before);
        }
    }

    /** Exchanges two directories in one atomic step. */
    public void exchange(Path one, Path other) throws IOException {
        FileStat ofOne = unlock(one);
        FileStat ofOther = unlock(other);
        boolean exchanged = false;
        try {
            Kernel.exchange(one, other);
            exchanged = true;
        } finally {
            restore(exchanged ? other : one, ofOne);
            restore(exchanged ? one : other, ofOther);
        }
    }

    /**
     * Completes or takes back an exchange of two paths that ended midway; nothing where there was none. Afterwards each
     * of the paths is there, as before the exchange or as after it.
     *
     * @param one,other as they were given to {@link #exchange}
     */
    public void settleExchange(Path one, Path other) throws IOException {}

    private static FileStat unlock(Path directory) throws IOException {
        FileStat before = Kernel.stat(directory);
        if ((before.permissions() & OWNER_WRITES) == 0 && !Kernel.isRoot()) {
            Kernel.setPermissions(directory, before.permissions() | OWNER_WRITES);
        }
        return before;
    }

    private static void restore(Path directory, FileStat before) throws IOException {
        FileStat now = Kernel.stat(directory);
        if (now.permissions() != before.permissions()) {
            Kernel.setPermissions(directory, before.permissions());
        }
        if (!now.modified().equals(before.modified())) {
            try (Directory parent = Directory.open(directory.resolveSibling(""))) {
                parent.setModified(RawName.of(directory.getFileName().toString()), before.modified());
            }
        }
    }

    /** Takes a tree away durably, whatever its size; an absent one is a success. */
    public void discard(Path tree) throws IOException {
        trash.discard(tree);
    }

    /** Makes the names in a directory durable. */
    public void sync(Path directory) throws IOException {
        try (Descriptor open = Kernel.open(directory, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            open.sync();
        }
    }
}
