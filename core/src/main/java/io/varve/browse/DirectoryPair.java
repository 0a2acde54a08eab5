package io.varve.browse;

import io.varve.linux.FileStat;
import io.varve.linux.RawName;

import java.io.IOException;
import java.util.Optional;

/**
 * The same directory in two trees, gone through name by name in the order of bytes.
 *
 * @param path from the root of both trees
 */
record DirectoryPair(RawName path, Side before, Side after) implements AutoCloseable {
    /** One name and what it stands for in either tree. */
    record Pair(RawName name, Optional<FileStat> before, Optional<FileStat> after) {
        boolean isNowhere() {
            return before.isEmpty() && after.isEmpty();
        }

        boolean isDirectoryAnywhere() {
            return before.filter(FileStat::isDirectory).isPresent()
                    || after.filter(FileStat::isDirectory).isPresent();
        }
    }

    boolean hasNext() {
        return before.hasNext() || after.hasNext();
    }

    /** The next name of either tree. */
    Pair next() throws IOException {
        RawName name = !after.hasNext() || (before.hasNext() && before.peek().compareTo(after.peek()) < 0)
                ? before.peek()
                : after.peek();
        return take(name);
    }

    /** Passes over all names before this one, and over this one too. */
    Pair seek(RawName name) throws IOException {
        before.seek(name);
        after.seek(name);
        return take(name);
    }

    private Pair take(RawName name) throws IOException {
        return new Pair(name, before.take(name), after.take(name));
    }

    /** Whether what the name stands for belongs to both trees. */
    boolean own(Pair pair) {
        return before.owns(pair.before()) && after.owns(pair.after());
    }

    /** The directories of this name. */
    DirectoryPair child(Pair pair) throws IOException {
        Side old = before.child(pair.name(), pair.before());
        try {
            return new DirectoryPair(path.resolve(pair.name()), old, after.child(pair.name(), pair.after()));
        } catch (IOException failure) {
            old.close();
            throw failure;
        }
    }

    @Override
    public void close() {
        before.close();
        after.close();
    }
}
