package io.varve.archive;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * The records of a PAX extended header: {@code "%d %s=%s\n"} of the record's own length, keyword and value (pax(1)).
 *
 * <p>Values are bytes: a binary extended attribute or a name that is not UTF-8 must not pass through a string. That is
 * why commons-compress, which keeps values as strings, does not read or write these.
 */
final class PaxRecords {
    private PaxRecords() {}

    /** One record; keywords are Latin-1, one character a byte. */
    static void append(ByteArrayOutputStream target, String keyword, byte[] value) {
        byte[] key = (" " + keyword + "=").getBytes(StandardCharsets.ISO_8859_1);
        int body = key.length + value.length + 1;
        int length = body + digits(body);
        length = body + digits(length);
        target.writeBytes(String.valueOf(length).getBytes(StandardCharsets.US_ASCII));
        target.writeBytes(key);
        target.writeBytes(value);
        target.write('\n');
    }

    private static int digits(int number) {
        return String.valueOf(number).length();
    }

    /**
     * All records of a header; of a repeated keyword the last counts.
     *
     * @throws IllegalArgumentException where they are malformed
     */
    static Map<String, byte[]> parse(byte[] header) {
        Map<String, byte[]> records = new LinkedHashMap<>();
        int at = 0;
        while (at < header.length) {
            int blank = indexOf(header, ' ', at, Math.min(header.length, at + 10));
            int end = at + length(header, at, blank);
            if (end <= blank + 1 || end > header.length || header[end - 1] != '\n') {
                throw malformed();
            }
            int equals = indexOf(header, '=', blank + 1, end);
            String keyword = new String(header, blank + 1, equals - blank - 1, StandardCharsets.ISO_8859_1);
            records.put(keyword, Arrays.copyOfRange(header, equals + 1, end - 1));
            at = end;
        }
        return records;
    }

    private static int length(byte[] header, int start, int end) {
        int length = 0;
        for (int i = start; i < end; i++) {
            if (header[i] < '0' || header[i] > '9') {
                throw malformed();
            }
            length = length * 10 + header[i] - '0';
        }
        return length;
    }

    private static int indexOf(byte[] bytes, char wanted, int start, int end) {
        for (int i = start; i < end; i++) {
            if (bytes[i] == wanted) {
                return i;
            }
        }
        throw malformed();
    }

    private static IllegalArgumentException malformed() {
        return new IllegalArgumentException("has a malformed extended header");
    }
}
