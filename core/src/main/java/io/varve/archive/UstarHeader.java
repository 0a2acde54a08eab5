package io.varve.archive;

import io.varve.linux.RawName;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.tar.TarUtils;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header block of one member (pax(1), "ustar Interchange Format"; GNU tar manual, "Basic Tar Format"). Numbers and
 * checksums are those of commons-compress; names are copied as bytes.
 *
 * @param name up to 100 bytes as written; with the prefix field joined as read
 * @param flag the letter of the type
 */
record UstarHeader(
        RawName name,
        int mode,
        long owner,
        long group,
        long size,
        long seconds,
        byte flag,
        RawName link,
        long major,
        long minor) {
    /** What a name or link field holds; longer ones need a member of their own before. */
    static final int NAME_BYTES = TarConstants.NAMELEN;

    /** The largest number the fields of mode, owner, group and device hold: seven octal digits. */
    static final long MAX_SMALL = TarConstants.MAXID;

    /** The largest size or time: eleven octal digits. */
    static final long MAX_LARGE = TarConstants.MAXSIZE;

    private static final int MODE = 100;
    private static final int OWNER = 108;
    private static final int GROUP = 116;
    private static final int SIZE = 124;
    private static final int TIME = 136;
    private static final int CHECKSUM = 148;
    private static final int FLAG = 156;
    private static final int LINK = 157;
    private static final int MAGIC = 257;
    private static final int MAJOR = 329;
    private static final int MINOR = 337;
    private static final int PREFIX = 345;
    private static final int PREFIX_BYTES = 155;
    private static final int SMALL_BYTES = 8;
    private static final int LARGE_BYTES = 12;
    private static final byte[] MAGIC_POSIX = "ustar\00000".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] MAGIC_GNU = "ustar  \0".getBytes(StandardCharsets.US_ASCII);

    /** Fills a block of zeros. Numbers that do not fit are written as 0: an extended header carries them. */
    void write(byte[] block) {
        copy(name, block, 0);
        small(mode, block, MODE);
        small(owner, block, OWNER);
        small(group, block, GROUP);
        large(size, block, SIZE);
        large(seconds, block, TIME);
        block[FLAG] = flag;
        copy(link, block, LINK);
        byte[] magic = isGnuExtension() ? MAGIC_GNU : MAGIC_POSIX;
        System.arraycopy(magic, 0, block, MAGIC, magic.length);
        small(major, block, MAJOR);
        small(minor, block, MINOR);
        Arrays.fill(block, CHECKSUM, CHECKSUM + SMALL_BYTES, (byte) ' ');
        TarUtils.formatCheckSumOctalBytes(TarUtils.computeCheckSum(block), block, CHECKSUM, SMALL_BYTES);
    }

    private boolean isGnuExtension() {
        return flag == TarConstants.LF_GNUTYPE_LONGNAME || flag == TarConstants.LF_GNUTYPE_LONGLINK;
    }

    private static void copy(RawName text, byte[] block, int at) {
        System.arraycopy(text.bytes(), 0, block, at, Math.min(text.length(), NAME_BYTES));
    }

    private static void small(long number, byte[] block, int at) {
        TarUtils.formatLongOctalBytes(number > MAX_SMALL ? 0 : number, block, at, SMALL_BYTES);
    }

    private static void large(long number, byte[] block, int at) {
        TarUtils.formatLongOctalBytes(number < 0 || number > MAX_LARGE ? 0 : number, block, at, LARGE_BYTES);
    }

    /** @throws IllegalArgumentException where it is no header: a wrong checksum or a malformed number */
    static UstarHeader read(byte[] block) {
        if (!TarUtils.verifyCheckSum(block)) {
            throw new IllegalArgumentException("its checksum is wrong");
        }
        return new UstarHeader(
                name(block),
                (int) TarUtils.parseOctalOrBinary(block, MODE, SMALL_BYTES),
                TarUtils.parseOctalOrBinary(block, OWNER, SMALL_BYTES),
                TarUtils.parseOctalOrBinary(block, GROUP, SMALL_BYTES),
                TarUtils.parseOctalOrBinary(block, SIZE, LARGE_BYTES),
                TarUtils.parseOctalOrBinary(block, TIME, LARGE_BYTES),
                block[FLAG],
                field(block, LINK, NAME_BYTES),
                device(block, MAJOR),
                device(block, MINOR));
    }

    /** Only a POSIX header has a prefix; others keep numbers in its place. */
    private static RawName name(byte[] block) {
        RawName name = field(block, 0, NAME_BYTES);
        boolean posix = block[MAGIC + 5] == 0;
        RawName prefix = posix ? field(block, PREFIX, PREFIX_BYTES) : TarMember.NOTHING;
        return prefix.resolve(name);
    }

    /** Headers of what is no device may hold anything here. */
    private static long device(byte[] block, int at) {
        boolean device = block[FLAG] == TarConstants.LF_CHR || block[FLAG] == TarConstants.LF_BLK;
        return device ? TarUtils.parseOctalOrBinary(block, at, SMALL_BYTES) : 0;
    }

    private static RawName field(byte[] block, int at, int length) {
        int end = at;
        while (end < at + length && block[end] != 0) {
            end++;
        }
        return RawName.of(Arrays.copyOfRange(block, at, end));
    }
}
