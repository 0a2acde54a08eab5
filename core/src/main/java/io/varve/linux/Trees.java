package io.varve.linux;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.util.function.BooleanSupplier;

/** Work on whole directory trees. */
public final class Trees {
    private Trees() {}

    /**
     * Removes a tree. Nothing is removed beyond a mount point or on another device (a nested btrfs subvolume): what
     * stands there, and the directories above it, stay, and the call fails with EBUSY. An absent tree is a success.
     *
     * @throws KernelException EBUSY names the first mount point or foreign tree found
     */
    public static void remove(Path tree) throws IOException {
        remove(tree, () -> false);
    }

    /**
     * {@link #remove(Path)} that can be stopped half-way; a later call goes on from there.
     *
     * @param stop asked before each name; cheap
     * @throws InterruptedIOException where it was stopped
     */
    public static void remove(Path tree, BooleanSupplier stop) throws IOException {
        if (!Kernel.exists(tree)) {
            return;
        }
        Path parent = parentOf(tree);
        RawName name = RawName.of(tree.getFileName().toString());
        try (Directory directory = Directory.open(parent)) {
            FileStat top = directory.stat(name);
            new Removal(parentMount(directory, top), stop).entry(directory, name, top);
        }
    }

    private static FileStat parentMount(Directory parent, FileStat top) throws IOException {
        // The top itself may be a filesystem of its own kind (a subvolume), but never a mount point.
        FileStat above = parent.stat();
        return top.mount() == above.mount() && !top.mountRoot() ? top : above;
    }

    /** One removal: the filesystem it keeps to, and when it should stop. */
    private record Removal(FileStat top, BooleanSupplier stop) {
        void entry(Directory parent, RawName name, FileStat entry) throws IOException {
            if (stop.getAsBoolean()) {
                throw new InterruptedIOException("the removal was stopped at " + name);
            }
            if (isElsewhere(entry)) {
                throw new KernelException(
                        "remove", name.toString(), Errno.EBUSY.number(), "another filesystem is there");
            }
            if (!entry.isDirectory()) {
                parent.unlink(name);
                return;
            }
            emptyDirectory(parent, name, entry);
            parent.removeDirectory(name);
        }

        /** Files of one overlay mount may show the devices of its layers, so that of a directory alone tells. */
        private boolean isElsewhere(FileStat entry) {
            return entry.mountRoot()
                    || entry.mount() != top.mount()
                    || (entry.isDirectory() && entry.device() != top.device());
        }

        private void emptyDirectory(Directory parent, RawName name, FileStat entry) throws IOException {
            makeSearchable(parent, name, entry);
            try (Directory directory = parent.openDirectory(name)) {
                for (RawName child : directory.names()) {
                    entry(directory, child, directory.stat(child));
                }
            }
        }
    }

    /** Without root, a directory that its owner may not read or write cannot be emptied. */
    private static void makeSearchable(Directory parent, RawName name, FileStat entry) throws IOException {
        int ownerAll = 0700;
        if ((entry.permissions() & ownerAll) != ownerAll && !Kernel.isRoot()) {
            parent.setPermissions(name, entry.permissions() | ownerAll);
        }
    }

    private static Path parentOf(Path tree) {
        Path parent = tree.getParent();
        if (parent == null) {
            throw new IllegalArgumentException("the root directory is nobody's to remove");
        }
        return parent;
    }
}
