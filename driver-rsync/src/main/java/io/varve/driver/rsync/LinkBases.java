package io.varve.driver.rsync;

import io.varve.linux.Directory;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.OpenFlag;
import io.varve.linux.RawName;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * Which snapshots a new one may share files with: one record a snapshot, in the volume's marker directory.
 *
 * <p>Sharing is by hard link, so both snapshots have the very same file. A snapshot that was once a head (an undo
 * point) never gets a record: a process that had a file of it open may still write to it. A lost record costs space
 * and nothing else.
 */
final class LinkBases {
    private static final int OWNER_WRITES = 0600;

    private final DriverFiles files;

    LinkBases(DriverFiles files) {
        this.files = files;
    }

    /** A snapshot, or a tree that will become one, whose files may be shared. */
    record LinkBase(Path tree, Likeness likeness) {}

    private record Candidate(SnapshotLabel label, Instant written) {}

    /** The newest copy of the head; data that came from outside only where there is none. */
    Optional<LinkBase> newest(VolumeName volume) throws IOException {
        for (Candidate candidate : candidates(volume)) {
            Path tree = files.layout().snapshot(volume, candidate.label());
            if (Kernel.exists(tree)) {
                return Optional.of(new LinkBase(tree, Likeness.read(record(volume, candidate.label()))));
            }
        }
        return Optional.empty();
    }

    private List<Candidate> candidates(VolumeName volume) throws IOException {
        List<Candidate> candidates = new ArrayList<>();
        try (Directory records = Directory.open(files.marker(volume))) {
            for (RawName name : records.names()) {
                SnapshotLabel label = SnapshotLabel.of(name.toString());
                candidates.add(new Candidate(label, records.stat(name).modified()));
            }
        }
        candidates.sort(Comparator.comparing(Candidate::written).reversed());
        return candidates;
    }

    boolean contains(VolumeName volume, SnapshotLabel label) throws IOException {
        return Kernel.exists(record(volume, label));
    }

    /**
     * Makes this the record of a snapshot, in place of an older one. It need not survive a power cut.
     *
     * @return what a person should know where that failed: the snapshot itself is whole
     */
    Optional<String> keep(VolumeName volume, SnapshotLabel label, Likeness likeness) {
        Path written = DurableFiles.temporary(files.staging().resolve(label.value()));
        try {
            likeness.write(written);
            Files.move(written, record(volume, label), StandardCopyOption.ATOMIC_MOVE);
            return Optional.empty();
        } catch (IOException failure) {
            return Optional.of("later snapshots cannot share files with '" + label + "': " + failure.getMessage());
        }
    }

    /** Records a snapshot whose content did not come from the head. */
    void keepForeign(VolumeName volume, SnapshotLabel label) throws IOException {
        try (Directory records = Directory.open(files.marker(volume))) {
            RawName name = RawName.of(label.value());
            records.openFile(name, OWNER_WRITES, OpenFlag.WRITE, OpenFlag.CREATE, OpenFlag.TRUNCATE)
                    .close();
            // Older than every copy of the head.
            records.setModified(name, Instant.EPOCH);
        }
    }

    /** Forgets a snapshot; before it is removed, so that no other one of its name is ever taken for it. */
    void drop(VolumeName volume, SnapshotLabel label) throws IOException {
        Files.deleteIfExists(record(volume, label));
    }

    /** Forgets the snapshots that are not there. */
    void settle(VolumeName volume) throws IOException {
        try (Directory records = Directory.open(files.marker(volume))) {
            for (RawName name : records.names()) {
                if (!Kernel.exists(files.layout().snapshots(volume).resolve(name.toString()))) {
                    records.unlink(name);
                }
            }
        }
    }

    private Path record(VolumeName volume, SnapshotLabel label) {
        return files.marker(volume).resolve(label.value());
    }

    /**
     * What makes a file of the head known to be as it is in a copy of the head, without reading it: it has not changed
     * since the copying began, by its change time, which no program can set; and it is at the same place, because every
     * directory above it is the same inode at the same path as then (renaming a directory does not touch the files in it).
     *
     * <p>Size and modification time alone, by which {@code rsync} decides, do not tell: programs set that time.
     */
    static final class Likeness {
        private static final int MAGIC = 0x5652534c;
        private static final int FORMAT = 1;

        private final Instant since;
        private final long[] places;

        private Likeness(Instant since, long[] places) {
            this.since = since;
            this.places = places;
        }

        /** That of a tree of which nothing is known. */
        static Likeness none() {
            return new Likeness(Instant.MIN, new long[0]);
        }

        /** Whether anything can be known of any file. */
        boolean isKnown() {
            return places.length > 0;
        }

        boolean holdsSince(Instant changed) {
            return changed.isBefore(since);
        }

        /** @param directory a path in the head; the head itself is the empty one */
        boolean holdsAt(RawName directory, long inode) {
            return Arrays.binarySearch(places, key(directory, inode)) >= 0;
        }

        /** Path and inode in one number; that two different pairs give the same one is as good as impossible. */
        private static long key(RawName path, long inode) {
            CRC32C sum = new CRC32C();
            sum.update(path.bytes());
            long oddConstant = 0x9E3779B97F4A7C15L;
            return inode * oddConstant ^ sum.getValue();
        }

        void write(Path file) throws IOException {
            try (DataOutputStream out = new DataOutputStream(
                    new BufferedOutputStream(Files.newOutputStream(file, StandardOpenOption.CREATE_NEW)))) {
                out.writeInt(MAGIC);
                out.writeInt(FORMAT);
                out.writeLong(since.getEpochSecond());
                out.writeInt(since.getNano());
                out.writeInt(places.length);
                for (long place : places) {
                    out.writeLong(place);
                }
            }
        }

        /** Reads what {@link #write} wrote; what is cut short or of another format says nothing. */
        static Likeness read(Path file) throws IOException {
            long headerBytes = 24;
            long size = Files.size(file);
            try (DataInputStream in = new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
                if (size < headerBytes || in.readInt() != MAGIC || in.readInt() != FORMAT) {
                    return none();
                }
                Instant since = Instant.ofEpochSecond(in.readLong(), in.readInt());
                int count = in.readInt();
                return size == headerBytes + 8L * count ? new Likeness(since, readPlaces(in, count)) : none();
            }
        }

        private static long[] readPlaces(DataInputStream in, int count) throws IOException {
            long[] places = new long[count];
            for (int i = 0; i < count; i++) {
                places[i] = in.readLong();
            }
            return places;
        }

        /** That of a new head to the tree it was copied from. */
        static Likeness ofCopy(Path head, Instant since) throws IOException {
            Builder builder = new Builder();
            try (Directory open = Directory.open(head)) {
                builder.addAll(RawName.of(""), open);
            }
            return builder.build(since);
        }

        /** Collects the directories of a head. */
        static final class Builder {
            private final LongStream.Builder places = LongStream.builder();

            void add(RawName directory, long inode) {
                places.add(key(directory, inode));
            }

            private void addAll(RawName path, Directory directory) throws IOException {
                add(path, directory.stat().inode());
                for (RawName name : directory.names()) {
                    if (directory.stat(name).isDirectory()) {
                        try (Directory child = directory.openDirectory(name)) {
                            addAll(path.resolve(name), child);
                        }
                    }
                }
            }

            Likeness build(Instant since) {
                return new Likeness(since, places.build().sorted().toArray());
            }
        }
    }
}
