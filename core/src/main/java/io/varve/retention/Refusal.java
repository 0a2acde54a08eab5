package io.varve.retention;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

/** How this package refuses what it is given. */
final class Refusal {
    private static final int SHOWN = 60;

    private Refusal() {}

    static StorageException invalid(String message) {
        return new StorageException(ErrorCode.REQUEST_INVALID, message);
    }

    /** Foreign text, fit to stand in a message: quoted, on one line, of bounded length. */
    static String quote(String text) {
        String line = text.replaceAll("\\p{C}", "?");
        int end = line.length() <= SHOWN ? line.length() : line.offsetByCodePoints(0, line.codePointCount(0, SHOWN));
        return "'" + line.substring(0, end) + (end < line.length() ? "...'" : "'");
    }
}
