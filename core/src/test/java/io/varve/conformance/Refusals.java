package io.varve.conformance;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

/** Refusals: the code for programs, the names for both, a sentence for people. */
final class Refusals {
    private Refusals() {}

    /** Tries what must be refused, and gives the refusal. */
    static StorageException assertRefused(ErrorCode code, ThrowingCallable action) {
        Throwable thrown = catchThrowable(action);
        assertThat(thrown).as("a refusal with %s", code).isInstanceOf(StorageException.class);
        StorageException refusal = (StorageException) thrown;
        assertThat(refusal.code()).as("%s", refusal).isEqualTo(code);
        assertThat(refusal.getMessage()).as("what went wrong, for people").contains(" ");
        return refusal;
    }

    /** Tries what must be refused in words that contain all of these. */
    static void assertRefused(ErrorCode code, ThrowingCallable action, String... mentioned) {
        assertThat(assertRefused(code, action).getMessage()).contains(mentioned);
    }
}
