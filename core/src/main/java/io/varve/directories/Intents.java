package io.varve.directories;

import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.RawName;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What is about to be done to heads, one durable file each: what a process that dies leaves is settled by it. */
final class Intents {
    private static final String FORMAT = "varve-rsync-intent 1";
    private static final int LINES = 4;

    /** The name of the tree in its room. */
    static final String TREE = "tree";

    /**
     * A tree is about to be put in a head's place.
     *
     * @param undo what the old head becomes; empty where there is none, because the volume is new
     * @param room the directory below staging that holds the tree
     * @param inode of the tree, by which it is known wherever it is
     */
    record Intent(VolumeName volume, Optional<SnapshotLabel> undo, Path room, long inode) {
        Path tree() {
            return room.resolve(TREE);
        }
    }

    private final DriverFiles files;
    private final TreeMoves moves;

    Intents(DriverFiles files, TreeMoves moves) {
        this.files = files;
        this.moves = moves;
    }

    /** Writes it down, whole and durably, or not at all. */
    Intent begin(VolumeName volume, Optional<SnapshotLabel> undo, Path room) throws IOException {
        Intent intent =
                new Intent(volume, undo, room, Kernel.stat(room.resolve(TREE)).inode());
        List<String> lines = List.of(
                FORMAT,
                Long.toString(intent.inode()),
                volume.value(),
                undo.map(SnapshotLabel::value).orElse(""));
        try {
            DurableFiles.replace(file(intent), String.join("\n", lines).getBytes(StandardCharsets.UTF_8));
            return intent;
        } catch (IOException | RuntimeException failure) {
            end(intent);
            throw failure;
        }
    }

    void end(Intent intent) throws IOException {
        Files.deleteIfExists(file(intent));
        moves.sync(files.intents());
    }

    /** Those that nobody ended. */
    List<Intent> pending() throws IOException {
        List<Intent> pending = new ArrayList<>();
        try (Directory intents = Directory.open(files.intents())) {
            for (RawName name : intents.names()) {
                if (name.toString().endsWith(DurableFiles.TEMPORARY_SUFFIX)) {
                    intents.unlink(name);
                } else {
                    pending.add(read(files.intents().resolve(name.toString())));
                }
            }
        }
        return pending;
    }

    private Intent read(Path file) throws IOException {
        String[] lines = Files.readString(file).split("\n", -1);
        if (lines.length != LINES || !lines[0].equals(FORMAT)) {
            throw new StorageException(
                    ErrorCode.IO_FAILED, file + " is not of the form '" + FORMAT + "'; was a newer version here?");
        }
        Optional<SnapshotLabel> undo = lines[3].isEmpty() ? Optional.empty() : Optional.of(SnapshotLabel.of(lines[3]));
        Path room = files.staging().resolve(file.getFileName().toString());
        return new Intent(VolumeName.of(lines[2]), undo, room, Long.parseLong(lines[1]));
    }

    private Path file(Intent intent) {
        return files.intents().resolve(intent.room().getFileName().toString());
    }
}
