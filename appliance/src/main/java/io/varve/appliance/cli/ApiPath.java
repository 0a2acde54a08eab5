package io.varve.appliance.cli;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.Optional;

/** A path below {@code /api/v1} with its query; every name in it is percent-encoded here and nowhere else (RFC 3986). */
final class ApiPath {
    private static final HexFormat HEX = HexFormat.of().withUpperCase();

    private final String path;
    private final String query;

    private ApiPath(String path, String query) {
        this.path = path;
        this.query = query;
    }

    static ApiPath of(String... segments) {
        return new ApiPath("/api/v1", "").then(segments);
    }

    ApiPath then(String... segments) {
        StringBuilder longer = new StringBuilder(path);
        for (String segment : segments) {
            longer.append('/').append(encodeSegment(segment));
        }
        return new ApiPath(longer.toString(), query);
    }

    ApiPath query(String name, String value) {
        String pair = encode(name) + "=" + encode(value);
        return new ApiPath(path, query.isEmpty() ? pair : query + "&" + pair);
    }

    /** The same path where {@code value} is empty. */
    ApiPath query(String name, Optional<String> value) {
        return value.map(text -> query(name, text)).orElse(this);
    }

    /** Path and query as they go over the wire. */
    String target() {
        return query.isEmpty() ? path : path + "?" + query;
    }

    @Override
    public String toString() {
        return target();
    }

    /** A segment of dots alone would be taken for a step up by whoever tidies the path on its way. */
    private static String encodeSegment(String segment) {
        return segment.equals(".") || segment.equals("..") ? segment.replace(".", "%2E") : encode(segment);
    }

    private static String encode(String text) {
        StringBuilder encoded = new StringBuilder();
        for (byte b : text.getBytes(StandardCharsets.UTF_8)) {
            if (isUnreserved(b)) {
                encoded.append((char) b);
            } else {
                encoded.append('%').append(HEX.toHexDigits(b));
            }
        }
        return encoded.toString();
    }

    private static boolean isUnreserved(byte b) {
        return (b >= 'a' && b <= 'z')
                || (b >= 'A' && b <= 'Z')
                || (b >= '0' && b <= '9')
                || b == '-'
                || b == '.'
                || b == '_'
                || b == '~';
    }
}
