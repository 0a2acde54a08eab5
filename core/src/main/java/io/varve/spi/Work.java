package io.varve.spi;

/** A running piece of long work, as its worker sees it: where it tells its progress and learns that it should stop. */
public interface Work {
    /**
     * Tells how far the work is. Cheap; may be called from any thread, as often as one likes.
     *
     * @param total 0 where unknown
     * @param unit what is counted, for example {@code bytes} or {@code files}
     */
    void progress(long done, long total, String unit);

    /** Whether the caller cancelled or its deadline passed. Workers look at least once a second. */
    boolean cancelled();

    /** Ends the work with {@code CANCELLED} where it should stop. */
    static void checkpoint(Work work) {
        if (work.cancelled()) {
            throw new StorageException(ErrorCode.CANCELLED, "the work was cancelled or its deadline passed");
        }
    }

    /** Work that nobody watches and nobody cancels. */
    static Work unwatched() {
        return Unwatched.INSTANCE;
    }
}
