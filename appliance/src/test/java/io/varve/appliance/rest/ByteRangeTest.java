package io.varve.appliance.rest;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;

class ByteRangeTest {
    @ParameterizedTest
    @CsvSource({
        "bytes=0-0, 0, 1",
        "bytes=0-, 0, 10",
        "bytes=4-6, 4, 3",
        "bytes=4-999, 4, 6",
        "bytes=9-, 9, 1",
        "bytes=-1, 9, 1",
        "bytes=-999, 0, 10",
        "bytes=0-99999999999999999999999, 0, 10",
        "Bytes = 1-2, 1, 2"
    })
    void aRangeIsAPartOfTheFile(String header, long from, long length) {
        assertThat(ByteRange.of(Optional.of(header), 10)).isEqualTo(new ByteRange.Part(from, length, 10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"bytes=10-", "bytes=10-11", "bytes=-0", "bytes=99999999999999999999999-"})
    void whatBeginsBehindTheEndIsRefused(String header) {
        assertThat(ByteRange.of(Optional.of(header), 10)).isEqualTo(new ByteRange.Beyond(10));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "bytes", "bytes=", "bytes=-", "bytes=5-4", "bytes=a-b", "lines=1-2", "bytes=0-1,4-5"})
    void whatIsMalformedOrOfAnotherKindIsPassedOver(String header) {
        assertThat(ByteRange.of(Optional.of(header), 10)).isEqualTo(new ByteRange.Whole(10));
    }

    @Test
    void anEmptyFileHasNoParts() {
        assertThat(ByteRange.of(Optional.empty(), 0)).isEqualTo(new ByteRange.Whole(0));
        assertThat(ByteRange.of(Optional.of("bytes=0-"), 0)).isEqualTo(new ByteRange.Beyond(0));
        assertThat(ByteRange.of(Optional.of("bytes=-5"), 0)).isEqualTo(new ByteRange.Beyond(0));
    }

    @Test
    void headersAreSpelledAsTheRfcHasThem() {
        assertThat(new ByteRange.Part(4, 3, 10).contentRange()).isEqualTo("bytes 4-6/10");
        assertThat(new ByteRange.Beyond(10).contentRange()).isEqualTo("bytes */10");
    }
}
