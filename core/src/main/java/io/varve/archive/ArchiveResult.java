package io.varve.archive;

import java.util.List;

/**
 * What an export or import did.
 *
 * @param entries of the tree, its root included
 * @param bytes of the tar stream
 * @param warningCount what could not be kept: sockets, foreign filesystems, attributes this user may not set
 * @param warnings the first hundred of them, for people
 */
public record ArchiveResult(long entries, long bytes, long warningCount, List<String> warnings) {
    public ArchiveResult {
        warnings = List.copyOf(warnings);
    }
}
