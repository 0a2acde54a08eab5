package io.varve.archive;

import io.varve.spi.Work;

/** Tells the caller how far the stream is, once a mebibyte, and ends cancelled work. */
final class Progress {
    private static final long STEP = 1 << 20;

    private final Work work;
    private long told;

    Progress(Work work) {
        this.work = work;
    }

    /** @throws io.varve.spi.StorageException {@code CANCELLED} */
    void at(long bytes) {
        Work.checkpoint(work);
        if (bytes - told >= STEP) {
            told = bytes;
            work.progress(bytes, 0, "bytes");
        }
    }
}
