package io.varve.archive;

import io.varve.linux.KernelException;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.io.IOException;
import java.io.InputStream;

/** Reads an archive without writing anything, and tells what it holds and what an import would refuse. */
public final class ArchiveInspector {
    private ArchiveInspector() {}

    /**
     * Reads the stream to its end or to where it cannot be read on, and leaves it open. Remembers the name of every entry:
     * some 200 bytes of memory for each.
     *
     * @throws StorageException {@code CANCELLED}; {@code IO_FAILED} where the stream cannot be read. A bad archive is a
     *     finding
     */
    public static Inspection verify(InputStream source, ArchiveLimits limits, Work work) {
        Warnings warnings = new Warnings();
        Progress progress = new Progress(work);
        TarReader tar = new TarReader(source, limits, warnings);
        InspectingVisitor visitor = new InspectingVisitor();
        try {
            new ArchiveReader(tar, limits, progress).read(visitor);
        } catch (StorageException refused) {
            if (refused.code() != ErrorCode.ARCHIVE_INVALID) {
                throw refused;
            }
            visitor.refused(refused);
        } catch (IOException failure) {
            throw KernelException.storage("cannot read the archive", failure);
        }
        return visitor.result(tar.position(), warnings);
    }
}
