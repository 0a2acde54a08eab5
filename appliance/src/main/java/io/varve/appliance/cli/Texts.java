package io.varve.appliance.cli;

/** Text of others on its way to a terminal or into columns: it can neither move the cursor nor break a line. */
final class Texts {
    private Texts() {}

    /** One line: control and direction characters become visible escapes. */
    static String line(String text) {
        return escape(text, false);
    }

    /** As {@link #line}, but line breaks stay. */
    static String lines(String text) {
        return escape(text, true);
    }

    static int width(String text) {
        return text.codePointCount(0, text.length());
    }

    private static String escape(String text, boolean keepBreaks) {
        if (text.codePoints().noneMatch(Texts::isUnsafe)) {
            return text;
        }
        StringBuilder safe = new StringBuilder();
        text.codePoints().forEach(point -> append(safe, point, keepBreaks));
        return safe.toString();
    }

    private static void append(StringBuilder safe, int point, boolean keepBreaks) {
        if (!isUnsafe(point) || (keepBreaks && point == '\n')) {
            safe.appendCodePoint(point);
            return;
        }
        switch (point) {
            case '\n' -> safe.append("\\n");
            case '\t' -> safe.append("\\t");
            case '\r' -> safe.append("\\r");
            default -> safe.append(String.format(point < 0x100 ? "\\x%02x" : "\\u%04x", point));
        }
    }

    private static boolean isUnsafe(int point) {
        int type = Character.getType(point);
        return type == Character.CONTROL
                || type == Character.FORMAT
                || type == Character.LINE_SEPARATOR
                || type == Character.PARAGRAPH_SEPARATOR
                || type == Character.SURROGATE;
    }
}
