package io.varve.appliance.blackbox;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Archives as no honest program writes them, member by member (ustar, POSIX.1-2017 pax). */
final class TarBytes {
    private static final int BLOCK = 512;
    private static final int SIZE_AT = 124;
    private static final int CHECKSUM_AT = 148;
    private static final int TYPE_AT = 156;
    private static final int LINK_AT = 157;
    private static final int MAGIC_AT = 257;

    private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();

    /** An archive of a snapshot {@code v_s}, so far with its driver and the root of its tree. */
    static TarBytes archive() {
        return new TarBytes().file("v_s-driver", "btrfs").member("v_s-volume/", '5', "", "");
    }

    TarBytes file(String name, String content) {
        return member(name, '0', "", content);
    }

    TarBytes symlink(String name, String target) {
        return member(name, '2', target, "");
    }

    TarBytes hardLink(String name, String target) {
        return member(name, '1', target, "");
    }

    TarBytes member(String name, char type, String link, String content) {
        byte[] data = content.getBytes(StandardCharsets.UTF_8);
        header(name, type, link, String.format("%011o", data.length));
        bytes.writeBytes(Arrays.copyOf(data, (data.length + BLOCK - 1) / BLOCK * BLOCK));
        return this;
    }

    /** A header that promises what need not follow. */
    TarBytes header(String name, char type, String link, String size) {
        byte[] header = new byte[BLOCK];
        put(header, 0, name);
        put(header, 100, "0000644");
        put(header, 108, "0000000");
        put(header, 116, "0000000");
        put(header, SIZE_AT, size);
        put(header, 136, "00000000000");
        put(header, TYPE_AT, String.valueOf(type));
        put(header, LINK_AT, link);
        put(header, MAGIC_AT, "ustar\0" + "00");
        Arrays.fill(header, CHECKSUM_AT, CHECKSUM_AT + 8, (byte) ' ');
        int sum = 0;
        for (byte each : header) {
            sum += Byte.toUnsignedInt(each);
        }
        put(header, CHECKSUM_AT, String.format("%06o\0 ", sum));
        bytes.writeBytes(header);
        return this;
    }

    TarBytes raw(byte[] more) {
        bytes.writeBytes(more);
        return this;
    }

    byte[] end() {
        bytes.writeBytes(new byte[2 * BLOCK]);
        return bytes.toByteArray();
    }

    private static void put(byte[] header, int at, String text) {
        byte[] value = text.getBytes(StandardCharsets.UTF_8);
        System.arraycopy(value, 0, header, at, value.length);
    }
}
