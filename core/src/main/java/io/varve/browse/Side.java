package io.varve.browse;

import io.varve.linux.Directory;
import io.varve.linux.Errno;
import io.varve.linux.FileStat;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** One tree's directory of a pair, with a mark in its sorted names. A directory that is not there has no names. */
final class Side implements AutoCloseable {
    /** What a name that was removed, or became something else, since it was looked at answers. */
    private static final Set<Errno> GONE = Set.of(Errno.ENOENT, Errno.ENOTDIR, Errno.ELOOP);

    private final @Nullable Directory directory;
    private final Bounds bounds;
    private final List<RawName> names;
    private int at;

    private Side(@Nullable Directory directory, Bounds bounds, List<RawName> names) {
        this.directory = directory;
        this.bounds = bounds;
        this.names = names;
    }

    /** The root of a tree. Takes the directory over, also where it fails. */
    static Side root(Directory root) throws IOException {
        try {
            return new Side(root, Bounds.of(root.stat()), sortedNames(root));
        } catch (IOException failure) {
            root.close();
            throw failure;
        }
    }

    private static List<RawName> sortedNames(Directory directory) throws IOException {
        return directory.names().stream().sorted().toList();
    }

    /** A sub-directory of this one; an absent one where there is none, or none of this tree. */
    Side child(RawName name, Optional<FileStat> known) throws IOException {
        if (known.isEmpty() || !known.get().isDirectory()) {
            return absent();
        }
        try {
            return opened(directory().openDirectory(name));
        } catch (KernelException failure) {
            if (GONE.contains(failure.errno())) {
                return absent();
            }
            throw failure;
        }
    }

    /** Something may have been mounted since the look at the name, or by opening it. */
    private Side opened(Directory child) throws IOException {
        try {
            if (bounds.hold(child.stat())) {
                return new Side(child, bounds, sortedNames(child));
            }
        } catch (IOException failure) {
            child.close();
            throw failure;
        }
        child.close();
        return absent();
    }

    private Side absent() {
        return new Side(null, bounds, List.of());
    }

    /** The directory that all names of this side are in. */
    Directory directory() {
        if (directory == null) {
            throw new IllegalStateException("a directory that is not there has no names to ask for");
        }
        return directory;
    }

    boolean isAbsent() {
        return directory == null;
    }

    /** Whether the entry belongs to this tree and not to another filesystem mounted over it. */
    boolean owns(Optional<FileStat> entry) {
        return entry.isEmpty() || bounds.hold(entry.get());
    }

    boolean hasNext() {
        return at < names.size();
    }

    /** The name at the mark. */
    RawName peek() {
        return names.get(at);
    }

    /** Moves the mark to the first name that does not sort before this one. */
    void seek(RawName name) {
        int found = Collections.binarySearch(names, name);
        at = found >= 0 ? found : -found - 1;
    }

    /** Passes over the name if it is at the mark, and says what it is; empty where it is not there or gone meanwhile. */
    Optional<FileStat> take(RawName name) throws IOException {
        if (!hasNext() || !peek().equals(name)) {
            return Optional.empty();
        }
        at++;
        try {
            return Optional.of(directory().stat(name));
        } catch (KernelException failure) {
            if (failure.errno() == Errno.ENOENT) {
                return Optional.empty();
            }
            throw failure;
        }
    }

    @Override
    public void close() {
        if (directory != null) {
            directory.close();
        }
    }
}
