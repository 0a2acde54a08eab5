package io.varve.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.function.BooleanSupplier;

/**
 * The removal of one tree, however deep: without recursion, and with two descriptors at a time. It goes down by name and
 * up by {@code ..}, and looks each time whether that is the directory it came from.
 */
final class TreeRemoval implements AutoCloseable {
    /** A directory on the way down; its children are those still to be looked at. */
    private record Level(RawName name, String subject, FileStat stat, Deque<RawName> children) {}

    private final FileStat top;
    private final BooleanSupplier stop;
    private final Deque<Level> levels = new ArrayDeque<>();
    private Directory current;

    private TreeRemoval(Directory current, RawName name, FileStat top, BooleanSupplier stop) throws IOException {
        this.top = top;
        this.stop = stop;
        this.current = current;
        push(name, top);
    }

    /** Removes a file or tree; an absent one is a success. */
    static void remove(Directory parent, RawName name, BooleanSupplier stop) throws IOException {
        FileStat above = parent.stat();
        FileStat top;
        try {
            top = parent.stat(name);
        } catch (KernelException failure) {
            passOverAbsent(failure);
            return;
        }
        // The top may be a filesystem of its own kind (a subvolume), but never a mount point.
        if (top.mountRoot() || top.mount() != above.mount()) {
            throw foreign(parent, name);
        }
        if (!top.isDirectory()) {
            parent.unlink(name);
            return;
        }
        try (TreeRemoval removal = new TreeRemoval(openSearchable(parent, name, top), name, top, stop)) {
            removal.empty();
        }
        parent.removeDirectory(name);
    }

    private void empty() throws IOException {
        while (true) {
            Level level = levels.getLast();
            if (!level.children().isEmpty()) {
                handle(level.children().removeFirst());
            } else if (levels.size() > 1) {
                leave(levels.removeLast());
            } else {
                return;
            }
        }
    }

    private void handle(RawName name) throws IOException {
        if (stop.getAsBoolean()) {
            throw new InterruptedIOException("the removal was stopped at " + current.subject() + "/" + name);
        }
        try {
            FileStat entry = current.stat(name);
            if (isElsewhere(entry)) {
                throw foreign(current, name);
            }
            if (entry.isDirectory()) {
                enter(name, entry);
            } else {
                current.unlink(name);
            }
        } catch (KernelException failure) {
            passOverAbsent(failure);
        }
    }

    /** Files of one overlay mount may show the devices of its layers, so that of a directory alone tells. */
    private boolean isElsewhere(FileStat entry) {
        return entry.mountRoot()
                || entry.mount() != top.mount()
                || (entry.isDirectory() && entry.device() != top.device());
    }

    private void enter(RawName name, FileStat entry) throws IOException {
        Directory below = openSearchable(current, name, entry);
        current.close();
        current = below;
        push(name, entry);
    }

    private void push(RawName name, FileStat stat) throws IOException {
        levels.addLast(new Level(name, current.subject(), stat, new ArrayDeque<>(current.names())));
    }

    private void leave(Level left) throws IOException {
        Level above = levels.getLast();
        Directory parent = current.openParent(above.subject());
        current.close();
        current = parent;
        requireSame(above);
        try {
            current.removeDirectory(left.name());
        } catch (KernelException failure) {
            passOverAbsent(failure);
        }
    }

    /** Somebody may have moved the directory we were in to another place. */
    private void requireSame(Level expected) throws IOException {
        FileStat found = current.stat();
        FileStat stat = expected.stat();
        if (found.inode() != stat.inode() || found.device() != stat.device() || found.mount() != stat.mount()) {
            throw new KernelException(
                    "remove", expected.subject(), Errno.ESTALE.number(), "it was moved while it was being removed");
        }
    }

    /** Without root, a directory that its owner may not read or write cannot be emptied. */
    private static Directory openSearchable(Directory parent, RawName name, FileStat entry) throws IOException {
        int ownerAll = 0700;
        if ((entry.permissions() & ownerAll) != ownerAll && !Kernel.isRoot()) {
            parent.setPermissions(name, entry.permissions() | ownerAll);
        }
        return parent.openDirectory(name);
    }

    private static KernelException foreign(Directory parent, RawName name) {
        return new KernelException(
                "remove", parent.subject() + "/" + name, Errno.EBUSY.number(), "another filesystem is there");
    }

    private static void passOverAbsent(KernelException failure) throws KernelException {
        if (failure.errno() != Errno.ENOENT) {
            throw failure;
        }
    }

    @Override
    public void close() {
        current.close();
    }
}
