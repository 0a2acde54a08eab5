package io.varve.spi;

/** How much what a snapshot holds can be relied on. */
public enum Consistency {
    /** What a power cut at that instant would have left. */
    CRASH,
    /** The filesystem had written everything out and nobody could write. */
    FILESYSTEM,
    /** The application had brought its data into a state of its own choosing. */
    APPLICATION
}
