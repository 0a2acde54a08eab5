package io.varve.linux;

/**
 * The two ends of a pipe. What is written to {@code sink} is read from {@code source}; the end comes once every
 * duplicate of {@code sink} is closed, and a writer fails with EPIPE once {@code source} is.
 */
public record Pipe(Descriptor source, Descriptor sink) implements AutoCloseable {
    @Override
    public void close() {
        sink.close();
        source.close();
    }
}
