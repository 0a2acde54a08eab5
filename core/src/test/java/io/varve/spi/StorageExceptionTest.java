package io.varve.spi;

import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

class StorageExceptionTest {
    private final IllegalStateException cause = new IllegalStateException("the disk is on fire");

    @Test
    void namesAreAddedAndTheFirstOneOfAKindStays() {
        StorageException failure = new StorageException(ErrorCode.BUSY, "in use")
                .with("volume", VolumeName.of("inner"))
                .with("volume", VolumeName.of("outer"))
                .with("store", "fast");

        assertThat(failure.details()).containsOnly(entry("volume", "inner"), entry("store", "fast"));
    }

    @Test
    void addingANameLosesNothingOfTheFailure() {
        StorageException plain = new StorageException(ErrorCode.IO_FAILED, "cannot read", cause);
        plain.addSuppressed(new IllegalArgumentException("also this"));

        StorageException named = plain.with("volume", "shop");

        assertThat(named).hasMessage("cannot read").hasCause(cause);
        assertThat(named.code()).isEqualTo(ErrorCode.IO_FAILED);
        assertThat(named.getSuppressed()).containsExactly(plain.getSuppressed());
        assertThat(named.getStackTrace()).isEqualTo(plain.getStackTrace());
    }
}
