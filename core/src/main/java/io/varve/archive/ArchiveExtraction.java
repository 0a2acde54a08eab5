package io.varve.archive;

import io.varve.linux.Directory;
import io.varve.linux.KernelException;
import io.varve.linux.RawName;
import io.varve.linux.Trees;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Puts what an archive holds, or a part of it, into a directory that may hold other things.
 *
 * <p>It is built aside first, in a directory of its own inside that one, and moved to its place when it is whole and on disk.
 * So a stream that breaks off leaves nothing behind, and a file has its name only with all it holds.
 */
public final class ArchiveExtraction {
    private static final String STAGE = ".varve-restore-";

    private ArchiveExtraction() {}

    /**
     * Reads the stream to its end, and leaves it open.
     *
     * @param part what to take, from the volume's root; empty takes all that is in the root, not the root itself
     * @param directory made where it is not there; what is taken gets its own last name in it
     * @param overwrite replaces files; directories are merged. Without it nothing is put where something is already
     * @return what was read, with what could not be kept; the entries are those of the whole archive
     * @throws StorageException {@code REQUEST_INVALID} where something is in the way, {@code NOT_FOUND} where the archive
     *     has no such part, and what {@link ArchiveImport#read} throws
     */
    public static ArchiveResult extract(InputStream source, String part, Path directory, boolean overwrite, Work work) {
        try {
            Files.createDirectories(directory);
            try (Stage stage = Stage.in(directory)) {
                return extract(source, RawName.of(part), directory, stage, overwrite, work);
            }
        } catch (IOException failure) {
            throw KernelException.storage("cannot restore into '" + directory + "'", failure);
        }
    }

    private static ArchiveResult extract(
            InputStream source, RawName part, Path directory, Stage stage, boolean overwrite, Work work)
            throws IOException {
        ArchiveResult result = ArchiveImport.read(source, stage, ArchiveLimits.generous(), work);
        try (Directory root = Directory.open(stage.tree());
                Directory target = Directory.open(directory.toRealPath())) {
            root.descriptor().syncFilesystem();
            Placement placement = new Placement(target, overwrite);
            if (part.length() == 0) {
                placement.placeAll(root);
            } else {
                placeOne(root, part, placement);
            }
            target.descriptor().syncFilesystem();
        }
        return result;
    }

    private static void placeOne(Directory root, RawName part, Placement placement) throws IOException {
        RawName name = TreePath.name(part);
        try (Directory parent = Placement.openWritable(root, TreePath.parent(part))) {
            if (!parent.contains(name)) {
                throw new StorageException(
                        ErrorCode.NOT_FOUND, "the archive does not hold '" + Printable.name(part) + "'");
            }
            placement.place(parent, name);
        }
    }

    /** The directory in which it is built; metadata is the snapshot's, not the files'. */
    private record Stage(Path place) implements ArchiveTarget, AutoCloseable {
        static Stage in(Path directory) throws IOException {
            Path place = Files.createTempDirectory(directory, STAGE);
            Files.createDirectory(place.resolve("tree"));
            return new Stage(place);
        }

        Path tree() {
            return place.resolve("tree");
        }

        @Override
        public Path begin(ArchiveHead head) {
            return tree();
        }

        @Override
        public void metadata(String name, InputStream content) {}

        @Override
        public void close() throws IOException {
            Trees.remove(place);
        }
    }
}
