package io.varve.retention;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.time.Instant;
import java.time.ZoneId;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SpanTest {
    @ParameterizedTest
    @ValueSource(strings = {"30s", "15m", "24h", "7d", "4w", "6M", "2y", "1y6M", "1y2M3w4d5h6m7s", "90m", "0s"})
    void canonicalTextReadsBackAsItself(String text) {
        assertThat(Span.parse(text)).hasToString(text);
    }

    @ParameterizedTest
    @CsvSource({"6M1y, 1y6M", "0d, 0s", "0y5m, 5m", "007d, 7d"})
    void otherSpellingsBecomeCanonical(String text, String canonical) {
        assertThat(Span.parse(text)).hasToString(canonical).isEqualTo(Span.parse(canonical));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"", " ", "7", "d", "-1d", "1.5h", "7D", "1h1h", "1 d", "P1D", "1y6", "9999999999s", "１d", "1d\n"
            })
    void anythingElseIsRefusedByItsText(String text) {
        assertThatThrownBy(() -> Span.parse(text))
                .isInstanceOfSatisfying(StorageException.class, refused -> assertThat(refused.code())
                        .isEqualTo(ErrorCode.REQUEST_INVALID))
                .hasMessageContaining("'" + text.replace('\n', '?') + "'");
    }

    @ParameterizedTest
    @CsvSource({
        // Clocks go forward in the night to 31 March 2024: that day has 23 hours.
        "1d,   2024-03-31T12:00+02:00, 2024-03-30T12:00+01:00",
        "24h,  2024-03-31T12:00+02:00, 2024-03-30T11:00+01:00",
        "1440m, 2024-03-31T12:00+02:00, 2024-03-30T11:00+01:00",
        // They go back in the night to 27 October: 25 hours.
        "1d,   2024-10-27T12:00+01:00, 2024-10-26T12:00+02:00",
        "24h,  2024-10-27T12:00+01:00, 2024-10-26T13:00+02:00",
        // 02:30 is missing on 31 March, and there twice on 27 October.
        "1d,   2024-04-01T02:30+02:00, 2024-03-31T03:30+02:00",
        "1d,   2024-10-28T02:30+01:00, 2024-10-27T02:30+01:00",
        "1w,   2024-11-03T02:30+01:00, 2024-10-27T02:30+01:00",
        // Months and years end where the calendar ends them.
        "1M,   2024-03-31T10:00+02:00, 2024-02-29T10:00+01:00",
        "1M,   2023-03-31T10:00+02:00, 2023-02-28T10:00+01:00",
        "1y,   2024-02-29T10:00+01:00, 2023-02-28T10:00+01:00",
        "4y,   2024-02-29T10:00+01:00, 2020-02-29T10:00+01:00",
        "1y6M, 2024-08-31T10:00+02:00, 2023-02-28T10:00+01:00",
        "1M1d, 2024-03-31T10:00+02:00, 2024-02-28T10:00+01:00",
        "4w,   2024-03-01T00:00+01:00, 2024-02-02T00:00+01:00",
        // First the calendar, then the exact part.
        "1d2h, 2024-03-31T12:00+02:00, 2024-03-30T10:00+01:00",
        "0s,   2024-03-31T12:00+02:00, 2024-03-31T12:00+02:00",
    })
    void aSpanIsCountedBackOnTheCalendarOfItsZone(String span, String end, String start) {
        Instant before = Span.parse(span).before(Given.at(end), ZoneId.of("Europe/Vienna"));

        assertThat(before).isEqualTo(Given.at(start));
    }

    @Test
    void aSpanIsCountedForwardTheSameWay() {
        ZoneId vienna = ZoneId.of("Europe/Vienna");

        assertThat(Span.parse("1d").after(Given.at("2024-03-30T12:00+01:00"), vienna))
                .isEqualTo(Given.at("2024-03-31T12:00+02:00"));
        assertThat(Span.parse("24h").after(Given.at("2024-03-30T12:00+01:00"), vienna))
                .isEqualTo(Given.at("2024-03-31T13:00+02:00"));
        assertThat(Span.parse("1M").after(Given.at("2024-01-31T12:00+01:00"), vienna))
                .isEqualTo(Given.at("2024-02-29T12:00+01:00"));
    }

    @Test
    void fractionsOfASecondAreKept() {
        Instant end = Instant.parse("2024-05-05T00:00:00.123456789Z");

        assertThat(Span.parse("1M1h").before(end, Given.UTC)).isEqualTo("2024-04-04T23:00:00.123456789Z");
    }

    @Test
    void spansLongerThanTimeEndWithTime() {
        Instant now = Instant.parse("2024-05-05T00:00:00Z");
        Span ages = Span.parse("999999999y999999999M");

        assertThat(ages.before(now, Given.UTC)).isEqualTo(Instant.MIN);
        assertThat(ages.after(now, Given.UTC)).isEqualTo(Instant.MAX);
        assertThat(Span.parse("1s").before(Instant.MIN, Given.UTC)).isEqualTo(Instant.MIN);
        assertThat(Span.parse("1d").after(Instant.MAX, Given.UTC)).isEqualTo(Instant.MAX);
    }
}
