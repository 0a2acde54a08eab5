package io.varve.archive;

import io.varve.linux.KernelException;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.InputStream;
import java.util.Optional;

/** Reads a portable archive into an empty tree. */
public final class ArchiveImport {
    private ArchiveImport() {}

    /**
     * Reads the stream to its end, and leaves it open. Memory does not grow with the archive. Nothing outside the target's
     * directory is touched, whatever the archive says. Without root, owners, devices and attributes that cannot be set are
     * counted as warnings; data never is.
     *
     * <p>A failure leaves a part of the tree behind, for the caller to throw away. Nothing is synced: that is the caller's
     * when it makes the tree a snapshot.
     *
     * @throws StorageException {@code ARCHIVE_INVALID} for what is no whole archive, leads out of the tree, contradicts
     *     itself or passes a limit, with the {@code member} concerned; {@code NO_SPACE}; {@code CANCELLED}; {@code
     *     IO_FAILED}, also where the stream itself cannot be read
     */
    public static ArchiveResult read(InputStream source, ArchiveTarget target, ArchiveLimits limits, Work work) {
        Warnings warnings = new Warnings();
        Progress progress = new Progress(work);
        TarReader tar = new TarReader(source, limits, warnings);
        try (Visitor visitor = new Visitor(target, warnings, progress)) {
            new ArchiveReader(tar, limits, progress).read(visitor);
            return warnings.result(visitor.finish(), tar.position());
        } catch (IOException failure) {
            throw KernelException.storage("cannot import the archive", failure);
        }
    }

    /** Hands the parts of the archive to the caller and to the tree. */
    private static final class Visitor implements ArchiveVisitor, AutoCloseable {
        private final ArchiveTarget target;
        private final Warnings warnings;
        private final Progress progress;
        private Optional<TreeImport> tree = Optional.empty();

        Visitor(ArchiveTarget target, Warnings warnings, Progress progress) {
            this.target = target;
            this.warnings = warnings;
            this.progress = progress;
        }

        @Override
        public void head(ArchiveHead head) throws IOException {
            tree = Optional.of(new TreeImport(target.begin(head), warnings, progress));
        }

        @Override
        public void metadata(String name, InputStream content) throws IOException {
            target.metadata(name, content);
        }

        @Override
        public void entry(TarMember member, TarReader data) throws IOException {
            tree.orElseThrow().entry(member, data);
        }

        long finish() throws IOException {
            tree.orElseThrow().finish();
            return tree.orElseThrow().entries();
        }

        @Override
        public void close() {
            tree.ifPresent(TreeImport::close);
        }
    }
}
