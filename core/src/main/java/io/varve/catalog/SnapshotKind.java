package io.varve.catalog;

/** How a snapshot came to be. */
public enum SnapshotKind {
    /** By a person or program that asked for it. */
    MANUAL,
    /** By a policy. */
    POLICY,
    /** The state a volume had before a rollback. */
    UNDO,
    /** From an archive. */
    IMPORT
}
