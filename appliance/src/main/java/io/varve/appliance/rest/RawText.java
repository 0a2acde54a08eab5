package io.varve.appliance.rest;

import io.varve.linux.RawName;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * Names of files in JSON and in queries. A name is shown as UTF-8; of one that is not UTF-8 the answer holds its bytes
 * too, percent-encoded, just as a query takes them.
 */
final class RawText {
    private static final String UNRESERVED = "-._~/";

    private RawText() {}

    /** The bytes of a name, or of a path, that is not UTF-8: RFC 3986's percent-encoding, with {@code /} kept. */
    static Optional<String> ifNotText(RawName name) {
        boolean text = RawName.of(name.toString()).equals(name);
        return text ? Optional.empty() : Optional.of(encode(name));
    }

    static String encode(RawName name) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : name.bytes()) {
            char c = (char) Byte.toUnsignedInt(b);
            if (isAsciiLetterOrDigit(c) || UNRESERVED.indexOf(c) >= 0) {
                encoded.append(c);
            } else {
                encoded.append(String.format("%%%02X", (int) c));
            }
        }
        return encoded.toString();
    }

    private static boolean isAsciiLetterOrDigit(char c) {
        return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    }

    /**
     * A parameter's bytes as they came, which the framework's own decoding to UTF-8 would spoil; {@code +} is a blank,
     * as in forms.
     *
     * @param query as it came, still encoded
     * @return the first value of that name
     */
    static Optional<byte[]> parameter(String query, String name) {
        for (String pair : query.split("&")) {
            int end = pair.indexOf('=');
            if (end >= 0 && pair.substring(0, end).equals(name)) {
                return Optional.of(decode(pair.substring(end + 1)));
            }
        }
        return Optional.empty();
    }

    private static byte[] decode(String encoded) {
        byte[] given = encoded.replace('+', ' ').getBytes(StandardCharsets.UTF_8);
        ByteArrayOutputStream decoded = new ByteArrayOutputStream();
        for (int i = 0; i < given.length; i++) {
            if (given[i] == '%') {
                decoded.write(16 * digit(given, i + 1) + digit(given, i + 2));
                i += 2;
            } else {
                decoded.write(given[i]);
            }
        }
        return decoded.toByteArray();
    }

    private static int digit(byte[] given, int at) {
        int value = at < given.length ? Character.digit(given[at], 16) : -1;
        if (value < 0) {
            throw Body.invalid("a '%' in the query is not followed by two hexadecimal digits");
        }
        return value;
    }
}
