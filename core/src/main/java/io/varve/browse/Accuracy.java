package io.varve.browse;

/** When two regular files of one size are taken for equal without reading them. */
public enum Accuracy {
    /**
     * When they are one file (a hard link), or have one inode number and were modified and changed at the same
     * nanosecond, as what a snapshot and its volume have in common. A file that keeps its size and modification time
     * and has another content is found; files that were copied one by one are read.
     */
    EXACT,
    /** When they were modified at the same nanosecond, as rsync(1) does. */
    QUICK
}
