package io.varve.linux;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * The space of a filesystem, in bytes.
 *
 * @param free what nobody uses, blocks reserved for root included
 * @param available what an ordinary writer can still get
 */
public record FilesystemSpace(long total, long free, long available, boolean readOnly) {
    /** struct statvfs of 64-bit Linux, with room to spare. */
    static final int STRUCT_SIZE = 128;

    private static final long ST_RDONLY = 1;

    public long used() {
        return total - available;
    }

    static FilesystemSpace parse(byte[] struct) {
        ByteBuffer b = ByteBuffer.wrap(struct).order(ByteOrder.nativeOrder());
        long unit = b.getLong(8);
        boolean readOnly = (b.getLong(72) & ST_RDONLY) != 0;
        return new FilesystemSpace(unit * b.getLong(16), unit * b.getLong(24), unit * b.getLong(32), readOnly);
    }
}
