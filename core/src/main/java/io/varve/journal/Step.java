package io.varve.journal;

import java.util.Locale;

/** What is being done with the thing whose record is in the journal. */
public enum Step {
    CREATE_VOLUME,
    /** The volume is there for an import alone, and goes again where that fails. */
    IMPORT_VOLUME,
    DELETE_VOLUME,
    CREATE_SNAPSHOT,
    IMPORT_SNAPSHOT,
    DELETE_SNAPSHOT,
    /** The record has the new size. */
    RESIZE_VOLUME,
    /** The record is that of the undo snapshot. */
    REVERT;

    String suffix() {
        return "." + name().toLowerCase(Locale.ROOT).replace('_', '-') + ".json";
    }
}
