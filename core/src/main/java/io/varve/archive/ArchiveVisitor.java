package io.varve.archive;

import java.io.IOException;
import java.io.InputStream;

/** Is shown an archive part by part, in the order of its members. */
interface ArchiveVisitor {
    /** First of all, once. */
    void head(ArchiveHead head) throws IOException;

    /** One piece of metadata; what is left unread is skipped. Names are checked and never repeat. */
    void metadata(String name, InputStream content) throws IOException;

    /**
     * One entry of the tree.
     *
     * @param member its name, and a hard link's text, are paths inside the volume, clean of {@code .} and {@code ..}; the
     *     root's is empty
     * @param data what the member's content map tells of, in that order; what is left unread is skipped
     */
    void entry(TarMember member, TarReader data) throws IOException;
}
