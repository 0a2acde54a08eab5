package io.varve.conformance;

import io.varve.linux.RawName;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;

/** File names that break programs which think that names are text. */
final class WildNames {
    private static final int LONGEST = 255;
    private static final List<String> STYLES = List.of(
            "plain-%d",
            " leading and trailing blanks %d ",
            "line\nbreak\r\n%d",
            "-rf %d",
            "caf\u00e9 \u732b \ud83d\udc31 %d",
            "back\\slash \\n %d",
            "'quote' \"%d\" $(x) `y` ;&|",
            "...%d",
            "star*?[a-z]%d",
            "tab\t%d",
            "%d=%%3D=%%25",
            ".hidden-%d~");

    private final Random random;

    WildNames(Random random) {
        this.random = random;
    }

    /** A name that contains {@code number}, so that no other has it. */
    RawName next(int number) {
        int style = random.nextInt(STYLES.size() + 2);
        if (style < STYLES.size()) {
            return RawName.of(STYLES.get(style).formatted(number));
        }
        return style == STYLES.size() ? notText(number) : longest(number);
    }

    /** Bytes that are no UTF-8: a lone continuation byte, a cut-off sequence, Latin-1. */
    private RawName notText(int number) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {(byte) 0x80, (byte) 0xff, 'x', (byte) 0xc3, '(', (byte) 0xe9});
        bytes.writeBytes(String.valueOf(number).getBytes(StandardCharsets.US_ASCII));
        bytes.write(1 + random.nextInt(31));
        bytes.write((byte) 0xf0);
        return RawName.of(bytes.toByteArray());
    }

    private static RawName longest(int number) {
        String text = "longest-" + number + "-";
        return RawName.of(text + "x".repeat(LONGEST - text.length()));
    }
}
