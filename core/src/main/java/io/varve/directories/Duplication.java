package io.varve.directories;

import io.varve.linux.Descriptor;
import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Copies the data of files without reading it: by sharing extents, which takes no space until one of both is written to
 * (btrfs, XFS, and NFS 4.2 where the server has one of these), or by having a server copy it.
 *
 * <p>It does so before {@code rsync} comes by, which then finds files of the right size and time, gives them what else they
 * lack, and copies what changed meanwhile and whatever was left to it.
 */
final class Duplication {
    /** Below that, copying costs no more. */
    private static final long WORTHWHILE = 64 << 10;

    private static final long AT_ONCE = 16 << 20;
    private static final int OWNER_ALONE = 0600;

    /** What rsync can do all the same, or tells better. */
    private static final Set<Errno> LEFT_TO_RSYNC = Set.of(
            Errno.ENOENT,
            Errno.EACCES,
            Errno.EPERM,
            Errno.EOPNOTSUPP,
            Errno.EXDEV,
            Errno.EINVAL,
            Errno.ETXTBSY,
            Errno.ENOTTY,
            Errno.ENOSYS,
            Errno.EISDIR,
            Errno.ELOOP,
            Errno.ESTALE,
            Errno.ENXIO);

    /** How data is copied on a filesystem. */
    enum Means {
        SHARED_EXTENTS("shared extents"),
        BY_SERVER("by the server"),
        NONE("by rsync");

        private final String text;

        Means(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    private final Means means;

    Duplication(Means means) {
        this.means = means;
    }

    /**
     * Finds out by trying.
     *
     * @param room an empty directory, for files that are gone afterwards
     * @param hasServer whether a server copies what it is asked to
     */
    static Duplication on(Path room, boolean hasServer) throws IOException {
        Path original = room.resolve("original");
        try (Directory directory = Directory.open(room)) {
            Files.write(original, new byte[(int) WORTHWHILE]);
            Duplication sharing = new Duplication(Means.SHARED_EXTENTS);
            Duplication serving = new Duplication(Means.BY_SERVER);
            if (sharing.works(directory)) {
                return sharing;
            }
            return hasServer && serving.works(directory) ? serving : new Duplication(Means.NONE);
        } finally {
            Files.deleteIfExists(original);
        }
    }

    private boolean works(Directory room) throws IOException {
        RawName original = RawName.of("original");
        RawName copy = RawName.of("copy");
        boolean copied = copy(room, original, room, copy, room.stat(original), Work.unwatched());
        if (copied) {
            room.unlink(copy);
        }
        return copied;
    }

    Means means() {
        return means;
    }

    /** Whether it can take anything. */
    boolean isPossible() {
        return means != Means.NONE;
    }

    /** Copies a file's data and time of modification to another directory, or leaves nothing there. */
    void take(Directory from, RawName name, FileStat file, Directory to, Work work) throws IOException {
        if (isPossible() && file.kind() == FileKind.REGULAR && file.links() == 1 && file.size() >= WORTHWHILE) {
            copy(from, name, to, name, file, work);
        }
    }

    private boolean copy(Directory from, RawName name, Directory to, RawName copy, FileStat file, Work work)
            throws IOException {
        try (Descriptor source = from.openFile(name, 0, OpenFlag.READ, OpenFlag.NON_BLOCKING)) {
            // Its time is looked at first: of what is written from here on, rsync finds another one.
            FileStat before = source.stat();
            return before.inode() == file.inode() && fill(to, copy, source, before, work);
        } catch (KernelException failure) {
            if (!LEFT_TO_RSYNC.contains(failure.errno())) {
                throw failure;
            }
            return false;
        }
    }

    private boolean fill(Directory to, RawName copy, Descriptor source, FileStat before, Work work) throws IOException {
        boolean whole = false;
        try (Descriptor target = to.openFile(copy, OWNER_ALONE, OpenFlag.WRITE, OpenFlag.NEW)) {
            whole = fill(target, source, before.size(), work);
        } finally {
            if (!whole) {
                to.unlink(copy);
            }
        }
        if (whole) {
            to.setModified(copy, before.modified());
        }
        return whole;
    }

    private boolean fill(Descriptor target, Descriptor source, long size, Work work) throws IOException {
        return switch (means) {
            case SHARED_EXTENTS -> {
                target.cloneFrom(source);
                yield true;
            }
            case BY_SERVER -> !isSparse(source, size) && copyAll(target, source, size, work);
            case NONE -> false;
        };
    }

    /** A server fills holes; rsync does not. */
    private static boolean isSparse(Descriptor source, long size) throws IOException {
        OptionalLong hole = source.nextHole(0);
        return hole.isPresent() && hole.getAsLong() < size;
    }

    private static boolean copyAll(Descriptor target, Descriptor source, long size, Work work) throws IOException {
        long at = 0;
        while (at < size) {
            Work.checkpoint(work);
            long copied = target.copyFrom(source, at, Math.min(AT_ONCE, size - at));
            if (copied == 0) {
                return false;
            }
            at += copied;
        }
        return true;
    }
}
