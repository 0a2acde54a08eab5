package io.varve.spi;

/** Whether a driver can work, as a value: "not here, because" is an answer, not an error. */
public sealed interface Availability {
    /** The driver can work here. */
    record Available() implements Availability {}

    /**
     * The driver cannot work here.
     *
     * @param code {@code DRIVER_UNAVAILABLE}, {@code FILESYSTEM_UNSUITABLE} or {@code PERMISSION_DENIED}
     * @param reason what is missing and what to do about it, for people
     */
    record Unavailable(ErrorCode code, String reason) implements Availability {}

    static Availability available() {
        return new Available();
    }

    static Availability missing(String reason) {
        return new Unavailable(ErrorCode.DRIVER_UNAVAILABLE, reason);
    }

    static Availability unsuitable(String reason) {
        return new Unavailable(ErrorCode.FILESYSTEM_UNSUITABLE, reason);
    }
}
