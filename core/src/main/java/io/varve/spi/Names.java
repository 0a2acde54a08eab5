package io.varve.spi;

import java.nio.charset.StandardCharsets;

/** The rules every name of ours keeps, checked in one place; each refusal says which rule was broken. */
public final class Names {
    /** A file name of Linux is at most 255 bytes; 128 leaves room for the suffixes and joins made from names. */
    public static final int MAX_BYTES = 128;

    private Names() {}

    /**
     * The text where it is a legal name.
     *
     * @param kind what the name is of, for the refusal
     * @throws StorageException {@code NAME_INVALID} that names the broken rule
     */
    public static String check(String kind, String text) {
        if (text.isBlank()) {
            throw refused(kind, text, "it is empty");
        }
        int bytes = text.getBytes(StandardCharsets.UTF_8).length;
        if (bytes > MAX_BYTES) {
            throw refused(kind, text.substring(0, 16) + "...", "it has " + bytes + " bytes, at most 128 are allowed");
        }
        if (text.indexOf('/') >= 0) {
            throw refused(kind, text, "it contains '/'");
        }
        if (text.equals(".")) {
            throw refused(kind, text, "it is '.'");
        }
        if (text.contains("..")) {
            throw refused(kind, text, "it contains '..'");
        }
        checkCharacters(kind, text);
        return text;
    }

    private static void checkCharacters(String kind, String text) {
        if (text.codePoints().anyMatch(Names::isControlOrInvisible)) {
            throw refused(kind, text, "it contains a control or invalid character");
        }
        if (isSpace(text.codePointAt(0)) || isSpace(text.codePointBefore(text.length()))) {
            throw refused(kind, text, "it begins or ends with white space");
        }
    }

    private static boolean isSpace(int codePoint) {
        return Character.isWhitespace(codePoint) || Character.isSpaceChar(codePoint);
    }

    /** The refusal of a name for a rule of its own kind. */
    public static StorageException refused(String kind, String text, String rule) {
        // What cannot be shown, and could forge a line of a log, is not shown.
        String shown = text.replaceAll("\\p{C}", "?");
        return new StorageException(ErrorCode.NAME_INVALID, "invalid " + kind + " '" + shown + "': " + rule);
    }

    private static boolean isControlOrInvisible(int codePoint) {
        int type = Character.getType(codePoint);
        return type == Character.CONTROL
                || type == Character.SURROGATE
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || codePoint == 0xFFFD;
    }
}
