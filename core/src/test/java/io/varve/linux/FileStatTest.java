package io.varve.linux;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;

import static org.assertj.core.api.Assertions.assertThat;

class FileStatTest {
    private static final int MODE = 28;
    private static final int MODIFIED = 112;

    private static FileStat modifiedAt(long second) {
        ByteBuffer struct = ByteBuffer.allocate(FileStat.STRUCT_SIZE).order(ByteOrder.nativeOrder());
        struct.putShort(MODE, (short) (FileKind.REGULAR.bits() | 0640));
        struct.putLong(MODIFIED, second).putInt(MODIFIED + 8, 123_456_789);
        return FileStat.parse(struct.array());
    }

    @Test
    void timesAreReadToTheNanosecond() {
        assertThat(modifiedAt(-1).modified()).isEqualTo("1969-12-31T23:59:59.123456789Z");
    }

    @ParameterizedTest
    @ValueSource(longs = {Long.MAX_VALUE, 31_556_889_864_403_200L, -31_557_014_167_219_201L, Long.MIN_VALUE})
    void aTimeBeyondWhatAnInstantHoldsIsTheNearestOne(long second) {
        assertThat(modifiedAt(second).modified()).isEqualTo(second > 0 ? Instant.MAX : Instant.MIN);
    }
}
