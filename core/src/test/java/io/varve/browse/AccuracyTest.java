package io.varve.browse;

import io.varve.linux.FileKind;
import io.varve.linux.FileStat;
import org.junit.jupiter.api.Test;

import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

/** When equal times are believed. */
class AccuracyTest {
    private static final Instant TAKEN = Instant.parse("2026-03-01T10:00:00Z");
    private static final int VOLUME = 1;
    private static final int SNAPSHOT = 2;

    /** A file of four bytes, modified and changed at one time. */
    private static FileStat file(int device, Instant time) {
        return new FileStat(FileKind.REGULAR, 0644, 1, 0, 0, 77, 4, 8, time, time, device, 0, false, 0);
    }

    private static boolean trusts(Instant time) {
        return Accuracy.copied(TAKEN).trustsAll(file(SNAPSHOT, time), file(VOLUME, time));
    }

    @Test
    void whatWasNotTouchedForLongIsBelieved() {
        assertThat(trusts(TAKEN.minusSeconds(2))).isTrue();
    }

    /** A change right before a snapshot and one right after it may bear one time: the kernel's clock goes in steps. */
    @Test
    void whatWasTouchedRightBeforeTheSnapshotIsRead() {
        assertThat(trusts(TAKEN.minusMillis(4))).isFalse();
        assertThat(trusts(TAKEN)).isFalse();
    }

    @Test
    void aLinkIsTheFileItself() {
        FileStat file = file(VOLUME, TAKEN);

        assertThat(Accuracy.copied(TAKEN).trustsAll(file, file)).isTrue();
    }
}
