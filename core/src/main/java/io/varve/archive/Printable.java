package io.varve.archive;

import io.varve.linux.RawName;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.stream.Collectors;

/** Names that strangers chose, in a form that can stand in a message or a log line. */
final class Printable {
    private static final int MAX_LENGTH = 300;

    private Printable() {}

    /** The name as text, with control characters, and all that is not ASCII in a name that is no UTF-8, escaped. */
    static String name(RawName name) {
        byte[] bytes = name.bytes();
        return cut(utf8(bytes).map(Printable::printable).orElseGet(() -> escaped(bytes)));
    }

    private static String printable(String text) {
        return isClean(text)
                ? text
                : text.codePoints().mapToObj(Printable::printable).collect(Collectors.joining());
    }

    private static String printable(int codePoint) {
        String text = Character.toString(codePoint);
        return isOdd(codePoint) ? escaped(text.getBytes(StandardCharsets.UTF_8)) : text;
    }

    static String cut(String text) {
        return text.length() <= MAX_LENGTH ? text : text.substring(0, MAX_LENGTH) + "...";
    }

    /** The text of bytes that are valid UTF-8. */
    static Optional<String> utf8(byte[] bytes) {
        try {
            return Optional.of(StandardCharsets.UTF_8
                    .newDecoder()
                    .decode(ByteBuffer.wrap(bytes))
                    .toString());
        } catch (CharacterCodingException notUtf8) {
            return Optional.empty();
        }
    }

    /** Whether a text has no control, formatting or line separating characters. */
    static boolean isClean(String text) {
        return text.codePoints().noneMatch(Printable::isOdd);
    }

    private static boolean isOdd(int codePoint) {
        return switch (Character.getType(codePoint)) {
            case Character.CONTROL,
                    Character.FORMAT,
                    Character.LINE_SEPARATOR,
                    Character.PARAGRAPH_SEPARATOR,
                    Character.UNASSIGNED -> true;
            default -> false;
        };
    }

    private static String escaped(byte[] bytes) {
        StringBuilder text = new StringBuilder();
        for (byte b : bytes) {
            boolean plain = b >= ' ' && b < 0x7f;
            text.append(plain ? String.valueOf((char) b) : String.format("\\x%02x", b));
        }
        return text.toString();
    }
}
