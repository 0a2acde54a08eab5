package io.varve.browse;

import io.varve.linux.Directory;
import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import io.varve.linux.RawName;

import java.io.IOException;
import java.util.List;
import java.util.Optional;

/** The names of one directory, sorted by their bytes; what each stands for is looked up when asked for. */
public final class Listing implements AutoCloseable {
    private final Directory directory;
    private final TreePath path;
    private final List<RawName> names;

    /** Takes the directory over, also where it fails. */
    Listing(Directory directory, TreePath path) throws IOException {
        this.directory = directory;
        this.path = path;
        try {
            this.names = directory.names().stream().sorted().toList();
        } catch (IOException failure) {
            directory.close();
            throw failure;
        }
    }

    public List<RawName> names() {
        return names;
    }

    /** @throws io.varve.spi.StorageException {@code NOT_FOUND} where the name is gone meanwhile */
    public Entry entry(RawName name) {
        try {
            FileStat stat = directory.stat(name);
            boolean symlink = stat.kind() == FileKind.SYMLINK;
            return new Entry(name, stat, symlink ? Optional.of(directory.readLink(name)) : Optional.empty());
        } catch (IOException failure) {
            throw SnapshotTree.refusal(TreePath.of(path.raw().resolve(name).bytes()), failure);
        }
    }

    /** All entries at once. */
    public List<Entry> entries() {
        return names.stream().map(this::entry).toList();
    }

    @Override
    public void close() {
        directory.close();
    }
}
