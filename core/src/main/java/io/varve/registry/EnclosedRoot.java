package io.varve.registry;

import io.varve.linux.MountTable;

import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** Looks below a directory for the home of a store that is not the directory's own. */
final class EnclosedRoot {
    private final Set<Path> remote;

    /** @param mounts the remote ones among them are not touched, not even by stat(2) */
    EnclosedRoot(MountTable mounts) {
        this.remote = mounts.mounts().stream()
                .filter(MountTable.Mount::isRemote)
                .map(MountTable.Mount::point)
                .collect(Collectors.toUnmodifiableSet());
    }

    /** The first root found at most that many levels below. */
    Optional<Path> below(Path directory, int levels) {
        return first(directories(directory), levels);
    }

    private Optional<Path> first(List<Path> directories, int levels) {
        for (Path directory : directories) {
            Optional<Path> found = at(directory, levels);
            if (found.isPresent()) {
                return found;
            }
        }
        return Optional.empty();
    }

    private Optional<Path> at(Path directory, int levels) {
        List<Path> inside = directories(directory);
        boolean isRoot = inside.stream()
                .filter(home -> home.getFileName().toString().startsWith("."))
                .anyMatch(home -> Roots.typeOf(directory, home).isPresent());
        if (isRoot) {
            return Optional.of(directory);
        }
        return levels > 1 ? first(inside, levels - 1) : Optional.empty();
    }

    private List<Path> directories(Path directory) {
        List<Path> directories = new ArrayList<>();
        try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
            for (Path child : children) {
                if (!remote.contains(child) && Files.isDirectory(child, LinkOption.NOFOLLOW_LINKS)) {
                    directories.add(child);
                }
            }
        } catch (IOException | DirectoryIteratorException unreadable) {
            // Passed over, as whoever may not look there cannot say what is there.
        }
        return directories;
    }
}
