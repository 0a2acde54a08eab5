package io.varve.browse;

import io.varve.linux.FileStat;
import io.varve.linux.RawName;

import java.util.Optional;

/**
 * One path that differs between two trees.
 *
 * @param before what it was; empty for {@code ADDED}
 * @param after what it is; empty for {@code REMOVED}
 */
public record Change(RawName path, Kind kind, Optional<FileStat> before, Optional<FileStat> after) {
    /** How a path differs; what is further up the list hides what is further down. */
    public enum Kind {
        ADDED,
        REMOVED,
        /** It is another kind of thing, for example a symlink where a directory was. */
        TYPE,
        /** The bytes of a file, the text of a symlink, the number of a device. */
        MODIFIED,
        /** Owner, group, mode, modification time (but not of directories), extended attributes, access lists. */
        META
    }
}
