package io.varve.linux;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;

/**
 * The sub-directories of one directory, read again only after it changed: a listing that costs one system call. Any
 * thread.
 */
public final class WatchedDirectory {
    private final Path directory;
    private final Predicate<FileStat> wanted;
    private Snapshot last = new Snapshot(Instant.MIN, 0, Set.of());

    private record Snapshot(Instant changed, long inode, Set<String> names) {}

    public WatchedDirectory(Path directory) {
        this(directory, FileStat::isDirectory);
    }

    /** @param wanted which entries are listed; asked only when the directory changed */
    WatchedDirectory(Path directory, Predicate<FileStat> wanted) {
        this.directory = directory;
        this.wanted = wanted;
    }

    /** The names of sub-directories; hidden names and symlinks are not among them; empty for an absent directory. */
    public synchronized Set<String> names() throws IOException {
        try (Directory open = Directory.open(directory)) {
            FileStat stat = open.stat();
            if (!stat.changed().equals(last.changed) || stat.inode() != last.inode) {
                last = new Snapshot(stat.changed(), stat.inode(), read(open, wanted));
            }
            return last.names;
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT) {
                return Set.of();
            }
            throw failure;
        }
    }

    /** Reads again at the next call; for the writer, whose change may fall into one tick of the file clock. */
    public synchronized void forget() {
        last = new Snapshot(Instant.MIN, 0, Set.of());
    }

    private static Set<String> read(Directory open, Predicate<FileStat> wanted) throws IOException {
        Set<String> names = new TreeSet<>();
        for (RawName name : open.names()) {
            String text = name.toString();
            if (!text.startsWith(".") && isWanted(open, name, wanted)) {
                names.add(text);
            }
        }
        return Set.copyOf(names);
    }

    /** A name that was removed since the directory was read is not wanted; the others still are. */
    private static boolean isWanted(Directory open, RawName name, Predicate<FileStat> wanted) throws IOException {
        try {
            return wanted.test(open.stat(name));
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT) {
                return false;
            }
            throw failure;
        }
    }
}
