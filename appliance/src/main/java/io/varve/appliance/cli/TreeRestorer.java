package io.varve.appliance.cli;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;

/**
 * Copies a tree of a snapshot into a directory of this host.
 *
 * <p>A file gets its name when it is whole and synced. No symlink below the target is followed. Owners are set where the
 * process may; without them, set-user-ID bits are left out.
 */
final class TreeRestorer {
    private static final int SET_ID_BITS = 06000;

    private final SnapshotFiles files;
    private final boolean overwrite;
    private final List<String> skipped = new ArrayList<>();
    private long count;

    TreeRestorer(SnapshotFiles files, boolean overwrite) {
        this.files = files;
        this.overwrite = overwrite;
    }

    /** What was left out because it has no content to fetch. */
    List<String> skipped() {
        return List.copyOf(skipped);
    }

    /**
     * Puts what is at {@code path} into {@code directory}, under its own name; of the root, what it contains.
     *
     * @return files and symlinks made
     */
    long restore(String path, Path directory) {
        SnapshotEntry entry = files.entry(path);
        try {
            Files.createDirectories(directory);
            if (path.isEmpty()) {
                restoreContent(path, directory);
            } else {
                restore(entry, path, directory);
            }
        } catch (IOException failed) {
            throw CommandFailure.local("cannot restore into " + directory, failed);
        }
        return count;
    }

    private void restore(SnapshotEntry entry, String path, Path directory) throws IOException {
        Path target = directory.resolve(entry.name());
        switch (entry.type()) {
            case FILE -> restoreFile(entry, path, target);
            case DIRECTORY -> restoreDirectory(entry, path, target);
            case SYMLINK -> restoreSymlink(entry, target);
            case OTHER -> skipped.add(Texts.line(path));
        }
    }

    /** Times and modes of a directory come last: filling it changes the one and may need more than the other allows. */
    private void restoreDirectory(SnapshotEntry entry, String path, Path target) throws IOException {
        if (!overwrite || !Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS)) {
            Files.createDirectory(target);
        }
        restoreContent(path, target);
        setAttributes(entry, target);
    }

    private void restoreContent(String path, Path target) throws IOException {
        for (SnapshotEntry child : files.list(path)) {
            restore(child, SnapshotFiles.below(path, child.name()), target);
        }
    }

    private void restoreFile(SnapshotEntry entry, String path, Path target) throws IOException {
        requireFree(target);
        Path temporary = Files.createTempFile(directoryOf(target), ".varve-", ".partial");
        try {
            fetch(path, temporary);
            setAttributes(entry, temporary);
            Files.move(temporary, target, StandardCopyOption.ATOMIC_MOVE);
            count++;
        } finally {
            Files.deleteIfExists(temporary);
        }
    }

    private void fetch(String path, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            Copying.Sink sink = Copying.into(channel, file.toString());
            files.read(path, (body, length) -> Copying.copy(body, sink));
            channel.force(true);
        }
    }

    private void restoreSymlink(SnapshotEntry entry, Path target) throws IOException {
        requireFree(target);
        if (overwrite) {
            Files.deleteIfExists(target);
        }
        Files.createSymbolicLink(target, Path.of(entry.target()));
        setOwner(entry, target);
        count++;
    }

    private void requireFree(Path target) throws IOException {
        boolean there = Files.exists(target, LinkOption.NOFOLLOW_LINKS);
        if (there && (!overwrite || Files.isDirectory(target, LinkOption.NOFOLLOW_LINKS))) {
            throw new FileAlreadyExistsException(target.toString());
        }
    }

    private void setAttributes(SnapshotEntry entry, Path file) throws IOException {
        boolean owned = setOwner(entry, file);
        if (entry.permissions().isPresent()) {
            int mode = entry.permissions().getAsInt();
            Files.setAttribute(file, "unix:mode", owned ? mode : mode & ~SET_ID_BITS, LinkOption.NOFOLLOW_LINKS);
        }
        if (entry.modified().isPresent()) {
            Files.setLastModifiedTime(file, FileTime.from(entry.modified().get()));
        }
    }

    /** Whether the file now belongs to whom it belonged to in the snapshot. */
    private static boolean setOwner(SnapshotEntry entry, Path file) {
        if (entry.owner().isEmpty() || entry.group().isEmpty()) {
            return false;
        }
        try {
            Files.setAttribute(file, "unix:uid", entry.owner().getAsInt(), LinkOption.NOFOLLOW_LINKS);
            Files.setAttribute(file, "unix:gid", entry.group().getAsInt(), LinkOption.NOFOLLOW_LINKS);
            return true;
        } catch (IOException notPermitted) {
            return false;
        }
    }

    private static Path directoryOf(Path file) throws IOException {
        Path parent = file.getParent();
        if (parent == null) {
            throw new FileAlreadyExistsException(file.toString());
        }
        return parent;
    }
}
