package io.varve.archive;

import io.varve.linux.RawName;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;

/** Writes members as a tar stream. The caller gives each member exactly the data its content map tells of. */
final class TarWriter {
    private static final int BUFFER = 512 * 1024;
    private static final RawName EXTENDED_NAME = RawName.of("PaxHeaders/member");
    private static final RawName LONG_NAME = RawName.of(TarConstants.GNU_LONGLINK);

    private final BufferedOutputStream target;
    private final byte[] block = new byte[TarReader.BLOCK];
    private long position;
    private long remaining;

    TarWriter(OutputStream target) {
        this.target = new BufferedOutputStream(target, BUFFER);
    }

    /** How many bytes were written so far. */
    long position() {
        return position;
    }

    /** Writes the headers of a member; {@link #data} follows until its content is complete. */
    void begin(TarMember member) throws IOException {
        byte[] map = member.content().isDense() ? new byte[0] : member.content().encode();
        long stored = map.length + member.content().stored();
        byte[] records = MemberEncoder.records(member, stored);
        if (records.length > 0) {
            extension(EXTENDED_NAME, TarConstants.LF_PAX_EXTENDED_HEADER_LC, records);
        }
        UstarHeader header = MemberEncoder.header(member, stored);
        longField(header.name(), TarConstants.LF_GNUTYPE_LONGNAME);
        longField(header.link(), TarConstants.LF_GNUTYPE_LONGLINK);
        put(header);
        data(map, 0, map.length);
    }

    /** A name that fills its field or more goes before in a member of its own, NUL at the end, as GNU tar does. */
    private void longField(RawName text, byte flag) throws IOException {
        if (text.length() >= UstarHeader.NAME_BYTES) {
            extension(LONG_NAME, flag, Arrays.copyOf(text.bytes(), text.length() + 1));
        }
    }

    private void extension(RawName name, byte flag, byte[] content) throws IOException {
        put(new UstarHeader(name, 0644, 0, 0, content.length, 0, flag, TarMember.NOTHING, 0, 0));
        data(content, 0, content.length);
    }

    private void put(UstarHeader header) throws IOException {
        requireComplete();
        Arrays.fill(block, (byte) 0);
        header.write(block);
        write(block, 0, block.length);
        remaining = header.size();
    }

    void data(byte[] bytes, int offset, int length) throws IOException {
        if (length > remaining) {
            throw new IllegalStateException("a member gets more data than its header tells of");
        }
        write(bytes, offset, length);
        remaining -= length;
        if (remaining == 0) {
            pad();
        }
    }

    private void pad() throws IOException {
        int padding = (int) (-position & (TarReader.BLOCK - 1));
        Arrays.fill(block, (byte) 0);
        write(block, 0, padding);
    }

    /** Writes the end mark, two blocks of zeros, and flushes; the target stays open. */
    void finish() throws IOException {
        requireComplete();
        write(new byte[2 * TarReader.BLOCK], 0, 2 * TarReader.BLOCK);
        target.flush();
    }

    private void requireComplete() {
        if (remaining > 0) {
            throw new IllegalStateException("a member lacks " + remaining + " bytes of the data its header tells of");
        }
    }

    private void write(byte[] bytes, int offset, int length) throws IOException {
        target.write(bytes, offset, length);
        position += length;
    }
}
