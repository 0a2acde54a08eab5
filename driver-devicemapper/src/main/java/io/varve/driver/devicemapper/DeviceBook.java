package io.varve.driver.devicemapper;

import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What every thin device of a store is for, on disk: a directory for each volume, in it an empty file for each device,
 * whose name says all. A name is there or it is not, so nothing can be torn; a change is one rename, and durable by one
 * sync of the directory.
 *
 * <pre>
 * devices/VOLUME/ID,BYTES,head               the live tree
 * devices/VOLUME/ID,BYTES,snapshot,LABEL     a snapshot
 * devices/VOLUME/ID,BYTES,taking,LABEL       a snapshot, whole if the pool has the device
 * devices/VOLUME/ID,BYTES,next,N,UNDO        the head once the pool's transaction is N; the head before is then UNDO
 * devices/VOLUME/ID,BYTES,making             something unfinished, to be thrown away
 * devices/VOLUME/ID,BYTES,removing           something removed
 * </pre>
 *
 * A device's name is there before the device is and goes after it, so the pool never holds one that nobody knows.
 */
final class DeviceBook {
    private static final int PRIVATE = 0700;

    private final Path place;

    DeviceBook(Path place) {
        this.place = place;
    }

    /** What a device is for. */
    sealed interface Role {
        /** The part of the name that follows number and size. */
        String text();

        record Head() implements Role {
            @Override
            public String text() {
                return "head";
            }
        }

        record Snapshot(SnapshotLabel label) implements Role {
            @Override
            public String text() {
                return "snapshot," + label;
            }
        }

        record Taking(SnapshotLabel label) implements Role {
            @Override
            public String text() {
                return "taking," + label;
            }
        }

        record Next(long transaction, SnapshotLabel undo) implements Role {
            @Override
            public String text() {
                return "next," + transaction + "," + undo;
            }
        }

        record Making() implements Role {
            @Override
            public String text() {
                return "making";
            }
        }

        record Removing() implements Role {
            @Override
            public String text() {
                return "removing";
            }
        }

        /** Labels may contain commas. */
        private static Optional<Role> parse(String text) {
            String[] parts = text.split(",", 2);
            return switch (parts[0]) {
                case "head" -> Optional.of(new Head());
                case "making" -> Optional.of(new Making());
                case "removing" -> Optional.of(new Removing());
                case "snapshot" -> Optional.of(new Snapshot(SnapshotLabel.of(parts[1])));
                case "taking" -> Optional.of(new Taking(SnapshotLabel.of(parts[1])));
                case "next" -> {
                    String[] next = parts[1].split(",", 2);
                    yield Optional.of(new Next(Long.parseLong(next[0]), SnapshotLabel.of(next[1])));
                }
                default -> Optional.empty();
            };
        }
    }

    /**
     * A thin device of a volume.
     *
     * @param id its number in the pool, never used twice
     * @param bytes its size
     */
    record Entry(int id, long bytes, Role role) {
        String fileName() {
            return id + "," + bytes + "," + role.text();
        }

        Entry with(Role other) {
            return new Entry(id, bytes, other);
        }

        Entry sized(long other) {
            return new Entry(id, other, role);
        }
    }

    /** Everything that is written down, also of volumes without a head. What is none of ours is passed over. */
    Map<VolumeName, List<Entry>> read() throws IOException {
        Map<VolumeName, List<Entry>> all = new HashMap<>();
        DurableFiles.makeDirectories(place);
        for (Path directory : list(place)) {
            Optional<VolumeName> volume = volume(directory);
            if (volume.isPresent()) {
                all.put(volume.get(), readVolume(directory));
                // What an earlier process removed must not come back in a power cut, when its number is used again.
                sync(directory);
            }
        }
        sync(place);
        return all;
    }

    private static Optional<VolumeName> volume(Path directory) {
        try {
            return Optional.of(VolumeName.of(directory.getFileName().toString()));
        } catch (StorageException foreign) {
            return Optional.empty();
        }
    }

    private static List<Entry> readVolume(Path directory) throws IOException {
        List<Entry> entries = new ArrayList<>();
        for (Path file : list(directory)) {
            parse(file.getFileName().toString()).ifPresent(entries::add);
        }
        return entries;
    }

    static Optional<Entry> parse(String name) {
        String[] parts = name.split(",", 3);
        if (parts.length < 3) {
            return Optional.empty();
        }
        try {
            int id = Integer.parseInt(parts[0]);
            long bytes = Long.parseLong(parts[1]);
            return Role.parse(parts[2]).map(role -> new Entry(id, bytes, role));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException | StorageException foreign) {
            return Optional.empty();
        }
    }

    private static List<Path> list(Path directory) throws IOException {
        List<Path> found = new ArrayList<>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
            entries.forEach(found::add);
        }
        return found;
    }

    private Path directory(VolumeName volume) {
        return place.resolve(volume.value());
    }

    /** Writes down a new device, durably. */
    void add(VolumeName volume, Entry entry) throws IOException {
        Path directory = directory(volume);
        if (!Kernel.exists(directory)) {
            Files.createDirectory(directory);
            Kernel.setPermissions(directory, PRIVATE);
            sync(place);
        }
        Kernel.open(directory.resolve(entry.fileName()), OpenFlag.WRITE, OpenFlag.NEW)
                .close();
        sync(directory);
    }

    /** Changes what a device is for; durable after {@link #sync}, or with whatever is synced there next. */
    void change(VolumeName volume, Entry from, Entry to) throws IOException {
        Path directory = directory(volume);
        Kernel.renameNew(directory.resolve(from.fileName()), directory.resolve(to.fileName()));
    }

    void sync(VolumeName volume) throws IOException {
        sync(directory(volume));
    }

    /** Forgets a device that the pool has no more; it does no harm where that is lost in a power cut. */
    void forget(VolumeName volume, Entry entry) throws IOException {
        Path directory = directory(volume);
        Files.deleteIfExists(directory.resolve(entry.fileName()));
    }

    /** Forgets a volume of which nothing is written down any more. */
    void forgetIfEmpty(VolumeName volume) throws IOException {
        Path directory = directory(volume);
        if (Kernel.exists(directory) && list(directory).isEmpty()) {
            Files.delete(directory);
        }
    }

    /** By system calls alone: those of the JDK fail in a thread that was interrupted, and clean-up runs in such. */
    private static void sync(Path directory) throws IOException {
        try (Descriptor open = Kernel.open(directory, OpenFlag.READ, OpenFlag.DIRECTORY)) {
            open.sync();
        }
    }
}
