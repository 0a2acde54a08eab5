package io.varve.spi;

/** Work that nobody watches. */
enum Unwatched implements Work {
    INSTANCE;

    @Override
    public void progress(long done, long total, String unit) {}

    @Override
    public boolean cancelled() {
        return false;
    }
}
