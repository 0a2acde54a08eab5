package io.varve.archive;

import org.apache.commons.compress.archivers.tar.TarUtils;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the map of a sparse file from an archive (GNU tar manual, "Storing Sparse Files"). Malformed maps are
 * IllegalArgumentExceptions.
 */
final class SparseMapReader {
    private static final int MAX_SEGMENTS = 4 * SparseMap.MAX_SEGMENTS;
    private static final int MAX_DIGITS = 18;
    private static final int OLD_SEGMENTS = 386;
    private static final int EXTENSION_SEGMENTS = 21;
    private static final int EXTENSION_EXTENDED = 504;
    private static final int OLD_EXTENDED = 482;
    private static final int OLD_REAL_SIZE = 483;
    private static final int NUMBER_BYTES = 12;

    private final TarReader source;
    private final byte[] block = new byte[TarReader.BLOCK];
    private int at = block.length;

    SparseMapReader(TarReader source) {
        this.source = source;
    }

    /** PAX format 1.0: the map stands in decimal lines before the data, padded to whole blocks. */
    SparseMap version1(long size) throws IOException {
        long count = number();
        if (count > MAX_SEGMENTS) {
            throw new IllegalArgumentException("has a sparse map of " + count + " segments");
        }
        List<SparseMap.Segment> segments = new ArrayList<>();
        for (long i = 0; i < count; i++) {
            segments.add(new SparseMap.Segment(number(), number()));
        }
        return SparseMap.claimed(size, segments, source.remaining());
    }

    private long number() throws IOException {
        long number = 0;
        for (int digits = 0; digits <= MAX_DIGITS; digits++) {
            byte b = nextByte();
            if (b == '\n' && digits > 0) {
                return number;
            }
            if (b < '0' || b > '9') {
                break;
            }
            number = number * 10 + b - '0';
        }
        throw new IllegalArgumentException("has a malformed sparse map");
    }

    private byte nextByte() throws IOException {
        if (at == block.length) {
            if (source.read(block, 0, block.length) < block.length) {
                throw new IllegalArgumentException("has a sparse map that does not end");
            }
            at = 0;
        }
        return block[at++];
    }

    /** The old GNU format: four segments in the header, more in blocks that follow it. */
    SparseMap oldGnu(byte[] header, long stored) throws IOException {
        List<SparseMap.Segment> segments = new ArrayList<>();
        collect(header, OLD_SEGMENTS, 4, segments);
        boolean more = header[OLD_EXTENDED] != 0;
        while (more) {
            byte[] extension = source.nextBlock();
            collect(extension, 0, EXTENSION_SEGMENTS, segments);
            more = extension[EXTENSION_EXTENDED] != 0;
            if (segments.size() > MAX_SEGMENTS) {
                throw new IllegalArgumentException("has a sparse map of more than " + MAX_SEGMENTS + " segments");
            }
        }
        long size = TarUtils.parseOctalOrBinary(header, OLD_REAL_SIZE, NUMBER_BYTES);
        return SparseMap.claimed(size, segments, stored);
    }

    /** Unused places are all zero. */
    private static void collect(byte[] bytes, int start, int count, List<SparseMap.Segment> segments) {
        for (int i = 0; i < count; i++) {
            int at = start + i * 2 * NUMBER_BYTES;
            long offset = TarUtils.parseOctalOrBinary(bytes, at, NUMBER_BYTES);
            long length = TarUtils.parseOctalOrBinary(bytes, at + NUMBER_BYTES, NUMBER_BYTES);
            if (offset != 0 || length != 0) {
                segments.add(new SparseMap.Segment(offset, length));
            }
        }
    }
}
