package io.varve.spi;

/** What went wrong, as clients see it. Names are part of the outer contract and never change. */
public enum ErrorCode {
    VOLUME_EXISTS,
    SNAPSHOT_EXISTS,
    TAG_EXISTS,
    DRIVER_EXISTS,
    STORE_EXISTS,
    TOKEN_EXISTS,
    VOLUME_NOT_FOUND,
    SNAPSHOT_NOT_FOUND,
    TAG_NOT_FOUND,
    STORE_NOT_FOUND,
    POLICY_NOT_FOUND,
    METADATA_NOT_FOUND,
    /** A hold, file, operation or other thing that has no code of its own. */
    NOT_FOUND,
    /** The snapshot is on disk without a readable record, or the other way round; it can be listed and removed. */
    SNAPSHOT_INVALID,
    /** The root already belongs to a store of another driver. */
    STORE_OTHER_DRIVER,
    DRIVER_UNKNOWN,
    /** The driver is known but cannot work on this host; the message says why. */
    DRIVER_UNAVAILABLE,
    /** One or more driver options are unknown or malformed; all are named. */
    OPTION_INVALID,
    FILESYSTEM_UNSUITABLE,
    NAME_INVALID,
    PATH_NOT_ABSOLUTE,
    REQUEST_INVALID,
    PATH_IS_STORE,
    BAD_MOUNT,
    NOT_A_DIRECTORY,
    PERMISSION_DENIED,
    UNAUTHENTICATED,
    /** Too many wrong tokens came from one host. */
    TOO_MANY_REQUESTS,
    /** Somebody uses it; the message says who. */
    BUSY,
    /** A hold protects the snapshot. */
    HELD,
    /** The world moved since the plan was made. */
    PLAN_STALE,
    /** A policy would remove more at once than its brake allows. */
    BRAKE,
    /** Two policies claim the same snapshots; neither removes one. */
    POLICY_CONFLICT,
    NO_SHRINK,
    CHAIN_BROKEN,
    /** The driver lacks the capability. */
    NOT_SUPPORTED,
    NO_SPACE,
    ARCHIVE_INVALID,
    /** The caller cancelled the work or its deadline passed; nothing half-made is left. */
    CANCELLED,
    VOLUME_REMOVAL_FAILED,
    SNAPSHOT_REMOVAL_FAILED,
    SHUTDOWN_FAILED,
    COMMAND_FAILED,
    IO_FAILED
}
