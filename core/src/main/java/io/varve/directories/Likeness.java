package io.varve.directories;

import io.varve.linux.Directory;
import io.varve.linux.RawName;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.stream.LongStream;
import java.util.zip.CRC32C;

/**
 * What makes a file of the head known to be as it is in a copy of the head, without reading it: it has not changed
 * since the copying began, by its change time, which no program can set; and it is at the same place, because every
 * directory above it is the same inode at the same path as then (renaming a directory does not touch the files in it).
 *
 * <p>Size and modification time alone, by which {@code rsync} decides, do not tell: programs set that time.
 */
final class Likeness {
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
