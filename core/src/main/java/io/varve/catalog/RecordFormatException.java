package io.varve.catalog;

import java.io.IOException;

/** A file that is not a record we can read: damaged, or of a newer format. */
public final class RecordFormatException extends IOException {
    private static final long serialVersionUID = 1L;

    private final boolean newer;

    RecordFormatException(String message, Throwable cause) {
        super(message, cause);
        this.newer = false;
    }

    RecordFormatException(String message, boolean newer) {
        super(message);
        this.newer = newer;
    }

    /** Whether a newer version of ours wrote it: then it is no remains, and nobody may act as if it were not there. */
    public boolean newer() {
        return newer;
    }
}
