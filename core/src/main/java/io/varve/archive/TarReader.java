package io.varve.archive;

import io.varve.linux.RawName;
import io.varve.spi.StorageException;
import org.apache.commons.compress.archivers.tar.TarConstants;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Reads a tar stream member by member: ustar, PAX and GNU long names and sparse files, without ever turning a name or
 * a value into text. Strict where others are lenient: a stream that ends without its end mark, or has anything but
 * zeros after it, is refused, so a truncated archive is never taken for a whole one.
 */
final class TarReader {
    static final int BLOCK = TarConstants.DEFAULT_RCDSIZE;

    /** The most a name, or all records of one member, may take; Linux gives an attribute 64 KiB. */
    private static final int MAX_EXTENSION = 16 << 20;

    private static final int MAX_GLOBAL = 64 << 10;
    private static final int MAX_PADDING = 16 << 20;
    private static final int BUFFER = 256 * 1024;
    private static final byte[] ZEROS = new byte[BLOCK];

    private final InputStream source;
    private final ArchiveLimits limits;
    private final Warnings warnings;
    private final Map<String, byte[]> global = new HashMap<>();
    private final byte[] block = new byte[BLOCK];
    private String place = "the beginning";
    private long position;
    private long remaining;

    TarReader(InputStream source, ArchiveLimits limits, Warnings warnings) {
        this.source = new BufferedInputStream(source, BUFFER);
        this.limits = limits;
        this.warnings = warnings;
    }

    /** How many bytes were read so far. */
    long position() {
        return position;
    }

    /** The next member; what is left of the one before is skipped. Empty at the end mark. */
    Optional<TarMember> next() throws IOException {
        skipRest();
        Extensions extensions = new Extensions(global);
        while (true) {
            readBlock();
            if (Arrays.equals(block, ZEROS)) {
                readEnd(extensions);
                return Optional.empty();
            }
            UstarHeader header = header();
            if (!isExtension(header.flag())) {
                return Optional.of(member(header, extensions));
            }
            extend(header, extensions);
        }
    }

    private UstarHeader header() {
        try {
            return UstarHeader.read(block);
        } catch (IllegalArgumentException malformed) {
            throw Invalid.archive("there is no readable header after " + place + ": " + reason(malformed));
        }
    }

    private static boolean isExtension(byte flag) {
        return switch (flag) {
            case TarConstants.LF_PAX_EXTENDED_HEADER_LC,
                    TarConstants.LF_PAX_EXTENDED_HEADER_UC,
                    TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER,
                    TarConstants.LF_GNUTYPE_LONGNAME,
                    TarConstants.LF_GNUTYPE_LONGLINK -> true;
            default -> false;
        };
    }

    private void extend(UstarHeader header, Extensions extensions) throws IOException {
        byte[] content = extension(header);
        try {
            switch (header.flag()) {
                case TarConstants.LF_GNUTYPE_LONGNAME -> extensions.longName(content);
                case TarConstants.LF_GNUTYPE_LONGLINK -> extensions.longLink(content);
                case TarConstants.LF_PAX_GLOBAL_EXTENDED_HEADER -> globally(PaxRecords.parse(content));
                default -> extensions.records(PaxRecords.parse(content));
            }
        } catch (IllegalArgumentException malformed) {
            throw Invalid.archive("what follows " + place + " " + reason(malformed));
        }
    }

    private void globally(Map<String, byte[]> records) {
        global.putAll(records);
        if (global.values().stream().mapToLong(value -> value.length).sum() > MAX_GLOBAL) {
            throw new IllegalArgumentException("has global headers of more than 64 KiB");
        }
    }

    private byte[] extension(UstarHeader header) throws IOException {
        if (header.size() < 0 || header.size() > MAX_EXTENSION) {
            throw Invalid.archive("an extended header after " + place + " is larger than 16 MiB");
        }
        begin(header.size());
        byte[] content = source.readNBytes((int) header.size());
        position += content.length;
        remaining -= content.length;
        skipRest();
        return content;
    }

    private TarMember member(UstarHeader bare, Extensions extensions) throws IOException {
        UstarHeader header = extensions.apply(bare);
        RawName name = header.name();
        try {
            MemberDecoder decoder = new MemberDecoder(header, extensions.records(), warnings);
            name = decoder.name();
            place = "member '" + Printable.name(name) + "'";
            MemberType type = type(header.flag());
            SparseMap content = content(header, decoder, type);
            return decoder.member(withoutSlash(name, type), type, content);
        } catch (IllegalArgumentException malformed) {
            throw Invalid.member(name, reason(malformed));
        }
    }

    private static MemberType type(byte flag) {
        return MemberType.of(flag)
                .orElseThrow(() -> new IllegalArgumentException("is of the unknown type " + Byte.toUnsignedInt(flag)));
    }

    private static RawName withoutSlash(RawName name, MemberType type) {
        String text = name.latin1();
        boolean directory = type == MemberType.DIRECTORY && text.endsWith("/");
        return directory ? RawName.ofLatin1(text.substring(0, text.length() - 1)) : name;
    }

    private SparseMap content(UstarHeader header, MemberDecoder decoder, MemberType type) throws IOException {
        long stored = decoder.stored();
        if (type != MemberType.REGULAR && stored > 0) {
            throw new IllegalArgumentException("is no regular file but has data");
        }
        begin(stored);
        SparseMapReader map = new SparseMapReader(this);
        if (header.flag() == TarConstants.LF_GNUTYPE_SPARSE) {
            return map.oldGnu(block.clone(), stored);
        }
        return decoder.isSparse() ? map.version1(decoder.sparseSize()) : SparseMap.dense(stored);
    }

    private void begin(long size) {
        if (size > limits.bytes() - position) {
            throw Invalid.archive("at " + place + " it grows beyond " + limits.bytes() + " bytes");
        }
        remaining = size;
    }

    /** How many bytes of the current member, or of what is left of it, there are. */
    long remaining() {
        return remaining;
    }

    /** Reads data of the current member, as much as there is up to {@code length}; 0 at its end. */
    int read(byte[] bytes, int offset, int length) throws IOException {
        int wanted = (int) Math.min(length, remaining);
        int n = source.readNBytes(bytes, offset, wanted);
        position += n;
        remaining -= n;
        if (n < wanted) {
            throw truncated();
        }
        return n;
    }

    /** Reads a block that belongs to the current member but not to its data. */
    byte[] nextBlock() throws IOException {
        readBlock();
        return block;
    }

    private void readBlock() throws IOException {
        if (position > limits.bytes()) {
            throw Invalid.archive("it is larger than " + limits.bytes() + " bytes");
        }
        int n = source.readNBytes(block, 0, BLOCK);
        position += n;
        if (n < BLOCK) {
            throw truncated();
        }
    }

    /** Skips the rest of the member and what pads it to whole blocks. */
    private void skipRest() throws IOException {
        byte[] scratch = remaining > BLOCK ? new byte[BUFFER] : block;
        while (remaining > 0) {
            read(scratch, 0, scratch.length);
        }
        int padding = (int) (-position & (BLOCK - 1));
        int n = source.readNBytes(block, 0, padding);
        position += n;
        if (n < padding) {
            throw truncated();
        }
    }

    /** After a block of zeros: a second one, then zeros up to the writer's record size. */
    private void readEnd(Extensions extensions) throws IOException {
        if (!extensions.isEmpty()) {
            throw Invalid.archive("it ends with headers that belong to no member");
        }
        readBlock();
        long end = position;
        while (Arrays.equals(block, ZEROS)) {
            Arrays.fill(block, (byte) 0);
            int n = source.readNBytes(block, 0, BLOCK);
            if (n == 0) {
                return;
            }
            position += n;
            if (position - end > MAX_PADDING) {
                throw Invalid.archive("more than 16 MiB of zeros follow its end");
            }
        }
        throw Invalid.archive("something follows its end, after " + place);
    }

    private StorageException truncated() {
        return Invalid.archive("it is cut off at or after " + place);
    }

    private static String reason(IllegalArgumentException malformed) {
        return String.valueOf(malformed.getMessage());
    }
}
