package io.varve.browse;

import io.varve.browse.DirectoryPair.Pair;
import io.varve.linux.Directory;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * What differs between two trees, found while it is asked for: memory holds the names of the directories on the way
 * down alone. For one thread; to be closed.
 *
 * <p>Directories come before what is in them, names in the order of their bytes. Of a subtree that only one tree has,
 * every path is listed. The roots themselves are not compared. What is mounted over a name in either tree, and nested
 * btrfs subvolumes, are not part of it and never entered. A tree may live meanwhile: each name is then shown as it was
 * when it was looked at, and one that changes under the look counts as modified.
 *
 * <p>Cost: one look (statx(2)) at each name of each tree; contents and attributes are read only where the times leave
 * a doubt, see {@link Accuracy}.
 */
public final class TreeDiff implements AutoCloseable {
    /** No path name of Linux is longer (PATH_MAX); what lies deeper was made step by step to be in somebody's way. */
    private static final int DEEPEST = 2048;

    private static final int BETWEEN_LOOKS = 256;

    private final Work work;
    private final Comparison comparison;
    private final Deque<DirectoryPair> open = new ArrayDeque<>();
    private long compared;

    private TreeDiff(DirectoryPair roots, Accuracy accuracy, Work work) {
        this.work = work;
        this.comparison = new Comparison(accuracy, work);
        open.addLast(roots);
    }

    /**
     * Opens two directories, which are not symlinks, as the roots of trees.
     *
     * @throws StorageException {@code NOT_A_DIRECTORY}, {@code PERMISSION_DENIED}, {@code IO_FAILED}
     */
    public static TreeDiff between(Path from, Path to, Accuracy accuracy, Work work) {
        try {
            Side before = Side.root(Directory.open(from));
            try {
                Side after = Side.root(Directory.open(to));
                return new TreeDiff(new DirectoryPair(RawName.of(""), before, after), accuracy, work);
            } catch (IOException failure) {
                before.close();
                throw failure;
            }
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    /** The {@link Accuracy#EXACT exact} difference. */
    public static TreeDiff between(Path from, Path to, Work work) {
        return between(from, to, Accuracy.EXACT, work);
    }

    /**
     * Whether both trees hold the same, and their roots have the same owner, mode and attributes. Looks no further than
     * the first difference.
     *
     * @throws StorageException {@code CANCELLED}, {@code PERMISSION_DENIED}, {@code IO_FAILED}
     */
    public static boolean isSame(Path from, Path to, Accuracy accuracy, Work work) {
        try (TreeDiff diff = between(from, to, accuracy, work)) {
            return diff.sameRoots() && diff.next().isEmpty();
        }
    }

    private boolean sameRoots() {
        try {
            return comparison.sameSelves(open.getLast());
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    /**
     * Goes on behind a path, at the cost of one look for each step of it: the next change is the first one behind.
     * Called before the first {@link #next}.
     */
    public TreeDiff after(TreePath path) {
        try {
            for (RawName step : path.steps()) {
                Pair pair = open.getLast().seek(step);
                if (!enter(pair)) {
                    break;
                }
            }
            return this;
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    /**
     * The next difference; empty at the end.
     *
     * @throws StorageException {@code CANCELLED}, {@code PERMISSION_DENIED}, {@code IO_FAILED}
     */
    public Optional<Change> next() {
        try {
            while (!open.isEmpty()) {
                DirectoryPair directories = open.getLast();
                Optional<Change> change = directories.hasNext() ? look(directories) : leave();
                if (change.isPresent()) {
                    return change;
                }
            }
            work.progress(compared, compared, "paths");
            return Optional.empty();
        } catch (IOException failure) {
            throw failed(failure);
        }
    }

    /** Hands over all that is left. */
    public void forEach(Consumer<Change> consumer) {
        for (Optional<Change> change = next(); change.isPresent(); change = next()) {
            consumer.accept(change.get());
        }
    }

    private Optional<Change> look(DirectoryPair directories) throws IOException {
        count();
        Pair pair = directories.next();
        if (pair.isNowhere()) {
            return Optional.empty();
        }
        RawName path = directories.path().resolve(pair.name());
        enter(pair);
        return comparison
                .difference(directories, pair)
                .map(kind -> new Change(path, kind, pair.before(), pair.after()));
    }

    private void count() {
        if (compared % BETWEEN_LOOKS == 0) {
            Work.checkpoint(work);
            work.progress(compared, 0, "paths");
        }
        compared++;
    }

    /** Goes down where the name is a directory of the trees' own; false where it is not. */
    private boolean enter(Pair pair) throws IOException {
        DirectoryPair above = open.getLast();
        if (!pair.isDirectoryAnywhere() || !above.own(pair)) {
            return false;
        }
        if (open.size() == DEEPEST) {
            throw new StorageException(
                    ErrorCode.IO_FAILED,
                    "below '" + above.path() + "' directories lie deeper than the " + DEEPEST
                            + " levels that a path can name; remove what nobody can reach, then compare again");
        }
        open.addLast(above.child(pair));
        return true;
    }

    private Optional<Change> leave() {
        open.removeLast().close();
        return Optional.empty();
    }

    private static StorageException failed(IOException failure) {
        return KernelException.storage("cannot compare the trees", failure);
    }

    @Override
    public void close() {
        open.forEach(DirectoryPair::close);
        open.clear();
    }
}
