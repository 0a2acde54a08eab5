package io.varve.directories;

import io.varve.directories.HeadWalk.Remaining;
import io.varve.directories.HeadWalk.Spot;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.Work;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Decides which files of a head are as they were in the base, and links those into the new tree. A file of the same
 * kind, size and modification time is, if its {@link Likeness} says so, or else if reading both shows it.
 *
 * <p>The names of one hard-linked file are shared all together or not at all, so that they stay one file.
 */
final class Sharing {
    private static final Set<FileKind> LINKABLE = Set.of(FileKind.REGULAR, FileKind.SYMLINK);

    /** The base's file has all the links it can have, or may not be linked to by this user: then it is copied. */
    private static final Set<Errno> CANNOT_LINK = Set.of(Errno.EMLINK, Errno.EPERM, Errno.EACCES);

    private record Name(RawName directory, RawName name) {}

    /** The names of one file with several; {@code alike} while all of them are as they were. */
    private static final class Group {
        private final List<Name> names = new ArrayList<>();
        private final long old;
        private boolean alike = true;

        Group(Optional<FileStat> old) {
            this.old = old.map(FileStat::inode).orElse(0L);
        }
    }

    private final Likeness likeness;
    private final Work work;
    private final Map<Long, Group> groups = new LinkedHashMap<>();
    private final Map<Long, Long> takers = new HashMap<>();
    private final Comparison comparison;

    Sharing(Likeness likeness, Work work) {
        this.likeness = likeness;
        this.work = work;
        this.comparison = new Comparison(work);
    }

    boolean isPlaced(RawName directory, long inode) {
        return likeness.holdsAt(directory, inode);
    }

    /** Whether the file is dealt with: linked, or to be decided with its other names by {@link #linkGroups}. */
    boolean share(Spot spot, RawName name, FileStat file) throws IOException {
        Optional<FileStat> old = spot.base().isPresent() ? spot.base().get().find(name) : Optional.empty();
        boolean alike = old.isPresent() && isAlike(spot, name, file, old.get());
        if (file.links() > 1) {
            Group group = groups.computeIfAbsent(file.inode(), inode -> new Group(old));
            group.names.add(new Name(spot.path(), name));
            group.alike &= alike && old.get().inode() == group.old;
            return true;
        }
        return alike && link(spot.tree(), spot.base().get(), name);
    }

    private boolean isAlike(Spot spot, RawName name, FileStat file, FileStat old) throws IOException {
        if (!LINKABLE.contains(file.kind()) || !looksAlike(file, old)) {
            return false;
        }
        boolean known = spot.inside() && likeness.holdsSince(file.changed());
        return known
                || (hasSameAttributes(file, old)
                        && comparison.isSame(name, spot.head(), spot.base().orElseThrow())
                        && isOnlyOne(file, old));
    }

    /** Whether no other file of the head took the old one: two files that were one once have become two. */
    private boolean isOnlyOne(FileStat file, FileStat old) {
        Long taker = takers.putIfAbsent(old.inode(), file.inode());
        return taker == null || taker == file.inode();
    }

    private static boolean looksAlike(FileStat file, FileStat old) {
        return file.kind() == old.kind()
                && file.size() == old.size()
                && file.modified().equals(old.modified());
    }

    /** Without root, a copy belongs to this user whoever the original belongs to. */
    private static boolean hasSameAttributes(FileStat file, FileStat old) {
        return file.kind() == FileKind.REGULAR
                && file.permissions() == old.permissions()
                && file.group() == old.group()
                && (file.owner() == old.owner() || !Kernel.isRoot());
    }

    /** Links the files of several names that are as they were; tells the names of the others. */
    void linkGroups(Directory tree, Directory base, Remaining remaining) throws IOException {
        for (Group group : groups.values()) {
            Work.checkpoint(work);
            if (!group.alike || !linkAll(group.names, tree, base)) {
                for (Name name : group.names) {
                    remaining.add(name.directory().resolve(name.name()));
                }
            }
        }
    }

    private static boolean linkAll(List<Name> names, Directory tree, Directory base) throws IOException {
        for (int i = 0; i < names.size(); i++) {
            Name name = names.get(i);
            try (Directory to = tree.openBeneath(name.directory());
                    Directory from = base.openBeneath(name.directory())) {
                if (!link(to, from, name.name())) {
                    unlink(names.subList(0, i), tree);
                    return false;
                }
            }
        }
        return true;
    }

    private static void unlink(List<Name> names, Directory tree) throws IOException {
        for (Name name : names) {
            try (Directory to = tree.openBeneath(name.directory())) {
                to.unlink(name.name());
            }
        }
    }

    private static boolean link(Directory tree, Directory base, RawName name) throws IOException {
        try {
            tree.makeLink(name, base, name);
            return true;
        } catch (KernelException failure) {
            if (CANNOT_LINK.contains(failure.errno())) {
                return false;
            }
            throw failure;
        }
    }
}
