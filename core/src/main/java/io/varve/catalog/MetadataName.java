package io.varve.catalog;

import io.varve.spi.Names;
import io.varve.spi.StorageException;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The name of a metadata stream; {@code /} groups names and means nothing more. {@code .} parts are dropped, {@code ..}
 * is refused.
 */
public record MetadataName(String value) {
    /** A file name has at most 255 bytes; escaped characters take three. */
    private static final int MAX_ESCAPED = 240;

    private static final String PLAIN = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-+=,@. ";

    public MetadataName {
        value = normalise(value);
        if (escape(value).length() > MAX_ESCAPED) {
            throw Names.refused("metadata name", value.substring(0, 16) + "...", "it is too long");
        }
    }

    public static MetadataName of(String value) {
        return new MetadataName(value);
    }

    private static String normalise(String value) {
        List<String> parts = new ArrayList<>();
        for (String part : value.split("/", -1)) {
            if (!part.equals(".")) {
                parts.add(Names.check("metadata name", part));
            }
        }
        if (parts.isEmpty()) {
            throw Names.refused("metadata name", value, "it is empty");
        }
        return String.join("/", parts);
    }

    /** One file name for any metadata name, so that no name can be a directory of another or lead anywhere. */
    String fileName() {
        return escape(value);
    }

    /** The name that is kept in a file; empty for a file of somebody else. */
    static Optional<MetadataName> ofFileName(String fileName) {
        try {
            MetadataName name = new MetadataName(unescape(fileName));
            return name.fileName().equals(fileName) ? Optional.of(name) : Optional.empty();
        } catch (StorageException | NumberFormatException foreign) {
            return Optional.empty();
        }
    }

    private static String unescape(String fileName) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        byte[] escaped = fileName.getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < escaped.length; i++) {
            if (escaped[i] == '%' && i + 2 < escaped.length) {
                bytes.write(Integer.parseInt(fileName, i + 1, i + 3, 16));
                i += 2;
            } else {
                bytes.write(escaped[i]);
            }
        }
        return bytes.toString(StandardCharsets.UTF_8);
    }

    private static String escape(String value) {
        StringBuilder escaped = new StringBuilder();
        for (byte b : value.getBytes(StandardCharsets.UTF_8)) {
            boolean leadingDot = b == '.' && escaped.isEmpty();
            if (b > 0 && PLAIN.indexOf(b) >= 0 && !leadingDot) {
                escaped.append((char) b);
            } else {
                escaped.append(String.format("%%%02X", b & 0xff));
            }
        }
        return escaped.toString();
    }

    @Override
    public String toString() {
        return value;
    }
}
