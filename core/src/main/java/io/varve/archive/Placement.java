package io.varve.archive;

import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Moves finished files and trees into a directory of the same filesystem. What is in the way is found before the first is
 * moved. No symlink is followed and no mount point crossed.
 */
final class Placement {
    private static final int OWNER_ALL = 0700;

    private final Directory target;
    private final boolean overwrite;

    Placement(Directory target, boolean overwrite) {
        this.target = target;
        this.overwrite = overwrite;
    }

    /** Opens a directory of the tree so that names can be taken out of it, whatever its mode is. */
    static Directory openWritable(Directory root, RawName path) throws IOException {
        makeWritable(root, TreePath.SELF);
        Directory current = root.openDirectory(TreePath.SELF);
        for (String step : path.length() == 0 ? new String[0] : path.latin1().split("/", -1)) {
            try (Directory above = current) {
                makeWritable(above, RawName.ofLatin1(step));
                current = above.openDirectory(RawName.ofLatin1(step));
            }
        }
        return current;
    }

    private static void makeWritable(Directory parent, RawName name) throws IOException {
        int mode = parent.stat(name).permissions();
        if (!Kernel.isRoot() && (mode & OWNER_ALL) != OWNER_ALL) {
            parent.setPermissions(name, mode | OWNER_ALL);
        }
    }

    void placeAll(Directory source) throws IOException {
        makeWritable(source, TreePath.SELF);
        List<RawName> names = source.names();
        for (RawName name : names) {
            check(source, target, name);
        }
        for (RawName name : names) {
            move(source, target, name);
        }
    }

    void place(Directory source, RawName name) throws IOException {
        check(source, target, name);
        move(source, target, name);
    }

    /** Refuses what could not be moved. */
    private void check(Directory source, Directory into, RawName name) throws IOException {
        Optional<FileStat> there = into.find(name);
        if (there.isEmpty()) {
            return;
        }
        boolean directory = source.stat(name).isDirectory();
        if (!overwrite) {
            throw inTheWay(name, "it exists already");
        }
        if (directory != there.get().isDirectory()) {
            throw inTheWay(name, "it exists already and is " + (directory ? "not a directory" : "a directory"));
        }
        if (there.get().mountRoot() || there.get().mount() != target.stat().mount()) {
            throw inTheWay(name, "another filesystem is mounted there");
        }
        if (directory) {
            checkBelow(source, into, name);
        }
    }

    private void checkBelow(Directory source, Directory into, RawName name) throws IOException {
        try (Directory from = source.openDirectory(name);
                Directory to = into.openDirectory(name)) {
            for (RawName below : from.names()) {
                check(from, to, below);
            }
        }
    }

    private static StorageException inTheWay(RawName name, String why) {
        return new StorageException(ErrorCode.REQUEST_INVALID, "cannot restore '" + Printable.name(name) + "': " + why);
    }

    private void move(Directory source, Directory into, RawName name) throws IOException {
        FileStat stat = source.stat(name);
        if (!stat.isDirectory()) {
            moveFile(source, into, name);
        } else if (into.contains(name)) {
            merge(source, into, name, stat);
        } else {
            moveDirectory(source, into, name, stat);
        }
    }

    private void moveFile(Directory source, Directory into, RawName name) throws IOException {
        if (overwrite) {
            source.moveOver(name, into);
        } else {
            moveNew(source, into, name);
        }
    }

    /** Only its owner's right to write lets a directory move; root needs none. */
    private void moveDirectory(Directory source, Directory into, RawName name, FileStat stat) throws IOException {
        makeWritable(source, name);
        moveNew(source, into, name);
        if (into.stat(name).permissions() != stat.permissions()) {
            into.setPermissions(name, stat.permissions());
        }
    }

    /** Filesystems over the network do not know the flag; there somebody else's file of that instant is replaced. */
    private static void moveNew(Directory source, Directory into, RawName name) throws IOException {
        try {
            source.moveNew(name, into);
        } catch (KernelException failure) {
            if (failure.errno() == Errno.EEXIST) {
                throw inTheWay(name, "it exists already");
            }
            if (failure.errno() != Errno.EINVAL || into.contains(name)) {
                throw failure;
            }
            source.moveOver(name, into);
        }
    }

    private void merge(Directory source, Directory into, RawName name, FileStat stat) throws IOException {
        Map<String, byte[]> attributes = source.attributes(name);
        makeWritable(source, name);
        try (Directory from = source.openDirectory(name);
                Directory to = into.openDirectory(name)) {
            for (RawName below : from.names()) {
                move(from, to, below);
            }
        }
        adopt(into, name, stat, attributes);
    }

    /** Gives a directory that was there what the archived one had, as far as this user may. */
    private static void adopt(Directory into, RawName name, FileStat stat, Map<String, byte[]> attributes)
            throws IOException {
        try {
            into.setOwner(name, stat.owner(), stat.group());
            into.setPermissions(name, stat.permissions());
            for (Map.Entry<String, byte[]> attribute : attributes.entrySet()) {
                into.setAttribute(name, attribute.getKey(), attribute.getValue());
            }
            into.setModified(name, stat.modified());
        } catch (KernelException failure) {
            if (failure.errno() != Errno.EPERM && failure.errno() != Errno.EACCES) {
                throw failure;
            }
        }
    }
}
