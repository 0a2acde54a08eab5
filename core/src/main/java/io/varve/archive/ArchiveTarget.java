package io.varve.archive;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;

/** Where an import puts what it reads. Called from the importing thread alone. */
public interface ArchiveTarget {
    /**
     * Called once, before anything of the body is read.
     *
     * @return an empty, writable directory that nobody else uses (a fresh ext4's {@code lost+found} is no obstacle)
     */
    Path begin(ArchiveHead head);

    /**
     * One piece of metadata, at most one of a name. The content ends with the call; what is left unread is skipped.
     *
     * @param name relative, without {@code .}, {@code ..} or control characters
     */
    void metadata(String name, InputStream content) throws IOException;
}
