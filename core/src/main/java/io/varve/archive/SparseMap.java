package io.varve.archive;

import io.varve.linux.Descriptor;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the data of a regular file lies; all else is holes.
 *
 * @param size of the file, holes included
 * @param segments in ascending order, disjoint, none empty
 */
record SparseMap(long size, List<Segment> segments) {
    /** A file more broken up than this keeps its first holes; the rest of it is written as data. */
    static final int MAX_SEGMENTS = 1 << 20;

    /** Readers of the GNU formats store every segment in whole blocks. */
    private static final long ALIGNMENT = TarReader.BLOCK;

    record Segment(long offset, long length) {
        long end() {
            return offset + length;
        }
    }

    SparseMap {
        segments = List.copyOf(segments);
    }

    static SparseMap dense(long size) {
        return new SparseMap(size, size == 0 ? List.of() : List.of(new Segment(0, size)));
    }

    /** Asks the filesystem (lseek(2), SEEK_DATA and SEEK_HOLE). */
    static SparseMap of(Descriptor file, long size) throws IOException {
        List<Segment> segments = new ArrayList<>();
        long at = 0;
        while (at < size) {
            long data = file.nextData(at).orElse(size);
            if (data >= size) {
                break;
            }
            boolean last = segments.size() == MAX_SEGMENTS - 1;
            long hole = last ? size : file.nextHole(data).orElse(size);
            long start = Math.max(at, data & -ALIGNMENT);
            at = Math.min(size, (hole + ALIGNMENT - 1) & -ALIGNMENT);
            append(segments, start, at);
        }
        return new SparseMap(size, segments);
    }

    private static void append(List<Segment> segments, long start, long end) {
        if (!segments.isEmpty() && segments.getLast().end() == start) {
            Segment before = segments.removeLast();
            segments.add(new Segment(before.offset(), end - before.offset()));
        } else {
            segments.add(new Segment(start, end - start));
        }
    }

    boolean isDense() {
        return stored() == size;
    }

    /** How many bytes of data there are. */
    long stored() {
        return segments.stream().mapToLong(Segment::length).sum();
    }

    /**
     * The map as it stands before the data in GNU's PAX format 1.0: decimal lines, padded to whole blocks. A closing
     * segment of length 0 tells the size where the file ends in a hole.
     */
    byte[] encode() {
        boolean endsInHole = segments.isEmpty() || segments.getLast().end() < size;
        StringBuilder text = new StringBuilder();
        text.append(segments.size() + (endsInHole ? 1 : 0)).append('\n');
        for (Segment segment : segments) {
            text.append(segment.offset()).append('\n').append(segment.length()).append('\n');
        }
        if (endsInHole) {
            text.append(size).append("\n0\n");
        }
        text.append("\0".repeat((int) (-text.length() & (ALIGNMENT - 1))));
        return text.toString().getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * A map that an archive claims.
     *
     * @throws IllegalArgumentException where the segments overlap, leave the file, or do not add up to what is stored
     */
    static SparseMap claimed(long size, List<Segment> segments, long stored) {
        long end = 0;
        boolean aligned = true;
        for (Segment segment : segments) {
            if (segment.offset() < end || segment.length() < 0 || segment.length() > size - segment.offset()) {
                throw new IllegalArgumentException("has a sparse map that overlaps itself or leaves the file");
            }
            if (segment.length() > 0 && !aligned) {
                throw new IllegalArgumentException("has a sparse map with a segment that is not of whole blocks");
            }
            end = segment.end();
            aligned = segment.length() % ALIGNMENT == 0;
        }
        SparseMap map = new SparseMap(
                size, segments.stream().filter(segment -> segment.length() > 0).toList());
        if (size < 0 || map.stored() != stored) {
            throw new IllegalArgumentException("has a sparse map that does not tell of the data that follows");
        }
        return map;
    }
}
