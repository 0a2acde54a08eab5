package io.varve.retention;

import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.OffsetDateTime;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

/** Times are what the standard library takes them for, however they are read. */
class TimeTextTest {
    @Property(seed = "7", tries = 300)
    void anyInstantIsReadAsItIsWritten(
            @ForAll @LongRange(min = -62_167_219_200L, max = 253_402_300_799L) long second,
            @ForAll @IntRange(max = 999_999_999) int nanos) {
        for (int fraction : new int[] {0, nanos, nanos / 1000 * 1000, nanos / 1_000_000 * 1_000_000}) {
            Instant instant = Instant.ofEpochSecond(second, fraction);
            assertThat(TimeText.parse(instant.toString())).isEqualTo(instant);
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "2024-02-29T23:59:59Z",
                "2024-02-29T23:59:59.5Z",
                "2024-02-29T23:59:59.000000001Z",
                "2024-10-27T02:30:00+01:00",
                "2024-10-27T02:30:00.25-09:30",
                "2024-10-27T02:30Z",
                "2024-10-27t02:30:00z",
                "+12024-10-27T02:30:00Z"
            })
    void otherFormsAreReadAsTheLibraryReadsThem(String text) {
        assertThat(TimeText.parse(text)).isEqualTo(OffsetDateTime.parse(text).toInstant());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "Z",
                "2023-02-29T00:00:00Z",
                "2024-13-01T00:00:00Z",
                "2024-01-01T24:00:01Z",
                "2024-01-01T00:60:00Z",
                "2024-01-01T00:00:60Z",
                "2024-01-01 00:00:00Z",
                "2024-01-01T00:00:00",
                "2024-01-01T00:00:00.1234567890Z",
                "2024-01-01T00:00:00.12 Z",
                "20x4-01-01T00:00:00Z",
                "٢٠٢٤-01-01T00:00:00Z"
            })
    void whatIsNoTimeIsRefused(String text) {
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> OffsetDateTime.parse(text));
        assertThatExceptionOfType(DateTimeException.class).isThrownBy(() -> TimeText.parse(text));
    }
}
