package io.varve.spi;

import java.nio.charset.StandardCharsets;

/** The rules every name of ours keeps, checked in one place; each refusal says which rule was broken. */
final class NameRules {
    /** A file name of Linux is at most 255 bytes; 128 leaves room for the suffixes and joins made from names. */
    static final int MAX_BYTES = 128;

    private NameRules() {}

    static String check(String kind, String text) {
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
        if (text.contains("..")) {
            throw refused(kind, text, "it contains '..'");
        }
        checkCharacters(kind, text);
        return text;
    }

    private static void checkCharacters(String kind, String text) {
        if (text.codePoints().anyMatch(NameRules::isControlOrInvisible)) {
            throw refused(kind, text.replaceAll("\\p{C}", "?"), "it contains a control or invalid character");
        }
        if (Character.isWhitespace(text.charAt(0)) || Character.isWhitespace(text.charAt(text.length() - 1))) {
            throw refused(kind, text, "it begins or ends with white space");
        }
    }

    static StorageException refused(String kind, String text, String rule) {
        return new StorageException(ErrorCode.NAME_INVALID, "invalid " + kind + " '" + text + "': " + rule);
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
