package io.varve.conformance;

/** Lets work that throws checked exceptions run where none are expected. */
final class Unchecked {
    private Unchecked() {}

    interface Action {
        void run() throws Exception;
    }

    static void run(Action action) {
        try {
            action.run();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new AssertionError("interrupted", interrupted);
        } catch (Exception failure) {
            throw new AssertionError(failure);
        }
    }
}
