package io.varve.catalog;

import java.io.IOException;

/** A file that is not a record we can read: damaged, or of a newer format. */
public final class RecordFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    RecordFormatException(String message, Throwable cause) {
        super(message, cause);
    }

    RecordFormatException(String message) {
        super(message);
    }
}
