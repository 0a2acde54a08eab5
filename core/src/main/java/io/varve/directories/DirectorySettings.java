package io.varve.directories;

import io.varve.linux.RawName;
import io.varve.linux.Trash;

import java.time.Duration;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Predicate;

/**
 * How a store of plain directories is to be worked with.
 *
 * @param checksum whether rsync reads every file, also those whose times show that they are unchanged
 * @param outdated how old what the filesystem says about a file may be, because others change it and this host keeps
 *     what it was told; zero for a local one
 * @param hasServer whether a server behind the filesystem copies files when it is asked to
 * @param removed the names by which the filesystem keeps files that were removed and are still open; they are not copied
 * @param moves how trees change places, given the store's trash
 * @param facts what people should find in the status, by name
 */
public record DirectorySettings(
        boolean checksum,
        Duration outdated,
        boolean hasServer,
        Predicate<RawName> removed,
        Function<Trash, TreeMoves> moves,
        Map<String, String> facts) {
    public DirectorySettings {
        facts = Map.copyOf(facts);
    }

    /** Those for a local filesystem. */
    public static DirectorySettings local(boolean checksum) {
        return new DirectorySettings(checksum, Duration.ZERO, false, name -> false, TreeMoves::new, Map.of());
    }

    public DirectorySettings with(Function<Trash, TreeMoves> otherMoves) {
        return new DirectorySettings(checksum, outdated, hasServer, removed, otherMoves, facts);
    }
}
