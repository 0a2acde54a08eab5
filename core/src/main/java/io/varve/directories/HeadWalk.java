package io.varve.directories;

import io.varve.directories.LinkBases.LinkBase;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Predicate;

/**
 * One walk over a head. It makes the head's directories in a new tree, links the files into it that are as they were in
 * a base, copies the data of those that can be copied without reading it, and tells what is left, so that {@code rsync} has
 * only that to do. On the way it remembers where the directories are and finds what the copy will not contain.
 */
final class HeadWalk {
    private static final int CHECK_EVERY = 256;
    private static final int OWNER_ALONE = 0700;

    /** Where a walk puts the paths, relative to the head, that are left to copy: every directory, and files. */
    interface Remaining {
        void add(RawName path) throws IOException;
    }

    /** A path where another filesystem begins; what is there is not copied. */
    record Elsewhere(RawName path, boolean directory) {}

    /**
     * What a walk found.
     *
     * @param removed what is no file of the head any more
     * @param foreign how many files belong to another user
     */
    record Findings(Likeness.Builder places, List<Elsewhere> elsewhere, List<RawName> removed, long foreign) {}

    /**
     * How to deal with files.
     *
     * @param removed see {@link DirectorySettings}
     */
    record Manner(Duplication duplication, Predicate<RawName> removed) {}

    /**
     * The directory a walk is in: in the head, in the new tree, and in the base, which may lack it.
     *
     * @param path from the head
     * @param inside whether this directory and all above it are where they were when the base was copied
     */
    record Spot(Directory head, FileStat stat, RawName path, boolean inside, Directory tree, Optional<Directory> base) {
        RawName pathOf(RawName name) {
            return path.resolve(name);
        }
    }

    private final FileStat top;
    private final Sharing sharing;
    private final Manner manner;
    private final Remaining remaining;
    private final Work work;
    private final int user = Kernel.effectiveUser();
    private final Likeness.Builder places = new Likeness.Builder();
    private final List<Elsewhere> elsewhere = new ArrayList<>();
    private final List<RawName> removed = new ArrayList<>();
    private long seen;
    private long foreign;

    private HeadWalk(FileStat top, Sharing sharing, Manner manner, Remaining remaining, Work work) {
        this.top = top;
        this.sharing = sharing;
        this.manner = manner;
        this.remaining = remaining;
        this.work = work;
    }

    /** @param tree an empty directory */
    static Findings walk(Path head, Optional<LinkBase> base, Path tree, Manner manner, Remaining remaining, Work work)
            throws IOException {
        try (Directory openHead = Directory.open(head);
                Directory openTree = Directory.open(tree);
                Directory openBase = Directory.open(base.map(LinkBase::tree).orElse(tree))) {
            Sharing sharing = new Sharing(base.map(LinkBase::likeness).orElse(Likeness.none()), work);
            FileStat top = openHead.stat();
            HeadWalk walk = new HeadWalk(top, sharing, manner, remaining, work);
            Optional<Directory> side = base.isPresent() ? Optional.of(openBase) : Optional.empty();
            RawName path = RawName.of("");
            walk.list(new Spot(openHead, top, path, sharing.isPlaced(path, top.inode()), openTree, side));
            sharing.linkGroups(openTree, openBase, remaining);
            return new Findings(walk.places, List.copyOf(walk.elsewhere), List.copyOf(walk.removed), walk.foreign);
        }
    }

    private void list(Spot spot) throws IOException {
        places.add(spot.path(), spot.stat().inode());
        for (RawName name : spot.head().names()) {
            if (++seen % CHECK_EVERY == 0) {
                Work.checkpoint(work);
                work.progress(seen, 0, "files");
            }
            if (manner.removed().test(name)) {
                removed.add(spot.pathOf(name));
                continue;
            }
            Optional<FileStat> entry = spot.head().find(name);
            if (entry.isPresent()) {
                visit(spot, name, entry.get());
            }
        }
    }

    private void visit(Spot spot, RawName name, FileStat entry) throws IOException {
        if (isElsewhere(entry)) {
            elsewhere.add(new Elsewhere(spot.pathOf(name), entry.isDirectory()));
        }
        if (entry.isDirectory()) {
            remaining.add(spot.pathOf(name));
            directoryUnlessGone(spot, name);
        } else if (!isElsewhere(entry) && !sharing.share(spot, name, entry)) {
            manner.duplication().take(spot.head(), name, entry, spot.tree(), work);
            remaining.add(spot.pathOf(name));
        }
        foreign += entry.owner() == user ? 0 : 1;
    }

    private boolean isElsewhere(FileStat entry) {
        // Files of one overlay mount may show the devices of its layers, so that of a directory alone tells.
        return entry.mountRoot()
                || entry.mount() != top.mount()
                || (entry.isDirectory() && entry.device() != top.device());
    }

    /** Over NFS a directory that goes while it is open is stale. */
    private void directoryUnlessGone(Spot spot, RawName name) throws IOException {
        try {
            directory(spot, name);
        } catch (KernelException failure) {
            if (failure.errno() != Errno.ESTALE || spot.head().contains(name)) {
                throw failure;
            }
        }
    }

    /** Makes the directory in the tree; what of the head is there is walked unless it is on another filesystem. */
    private void directory(Spot spot, RawName name) throws IOException {
        Optional<Directory> found = spot.head().findDirectory(name);
        if (found.isEmpty()) {
            return;
        }
        try (Directory head = found.get()) {
            FileStat stat = head.stat();
            spot.tree().makeDirectory(name, OWNER_ALONE);
            if (!isElsewhere(stat)) {
                enter(spot, name, head, stat);
            }
            dress(spot.tree(), name, stat);
        }
    }

    private void enter(Spot spot, RawName name, Directory head, FileStat stat) throws IOException {
        RawName path = spot.pathOf(name);
        boolean inside = spot.inside() && sharing.isPlaced(path, stat.inode());
        Optional<Directory> base = spot.base().isPresent() ? spot.base().get().findDirectory(name) : Optional.empty();
        try (Directory tree = spot.tree().openDirectory(name)) {
            list(new Spot(head, stat, path, inside, tree, base));
        } finally {
            base.ifPresent(Directory::close);
        }
    }

    /** Gives a directory its owner, mode and time, which it would lack if it vanished before rsync comes to it. */
    private static void dress(Directory parent, RawName name, FileStat stat) throws IOException {
        if (Kernel.isRoot()) {
            parent.setOwner(name, stat.owner(), stat.group());
        }
        parent.setPermissions(name, stat.permissions());
        parent.setModified(name, stat.modified());
    }
}
