package io.varve.status;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class HumanFormatsTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1, 1 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1536, 1.5 KiB",
        "1048575, 1 MiB",
        "1048576, 1 MiB",
        "550502400, 525 MiB",
        "11010048, 10.5 MiB",
        "105559556915, 98.31 GiB",
        "107374182400, 100 GiB",
        "2199023255552, 2 TiB",
        "9223372036854775807, 8 EiB",
        "-1536, -1.5 KiB"
    })
    void aSizeHasFourSignificantDigitsAndABinaryUnit(long bytes, String text) {
        assertThat(HumanSize.of(bytes)).isEqualTo(text);
    }

    @Test
    void noSizeIsEverAThousandAndTwentyFourOfAUnit() {
        for (int power = 10; power < 63; power++) {
            long edge = 1L << power;
            for (long bytes : new long[] {edge - 1, edge, edge + 1, edge - edge / 5000}) {
                assertThat(HumanSize.of(bytes))
                        .doesNotStartWith("1024 ")
                        .matches("[0-9]{1,4}(\\.[0-9]+)? [KMGTPE]?i?B");
            }
        }
    }

    @Test
    void blocksAreCountedInWholeOnes() {
        assertThat(Blocks.of(65535)).isZero();
        assertThat(Blocks.of(65536)).isEqualTo(1);
        assertThat(Blocks.of(131071)).isEqualTo(1);
        assertThat(Blocks.bytes(3)).isEqualTo(196608);
        assertThat(Blocks.human(1638400)).isEqualTo("100 GiB");
        assertThatExceptionOfType(ArithmeticException.class).isThrownBy(() -> Blocks.bytes(1L << 50));
    }

    @ParameterizedTest
    @CsvSource({
        "100, 100, 100%",
        "0, 100, 0%",
        "0, 0, n/a",
        "5, 0, n/a",
        "1234, 10000, 12%",
        "5123, 1000000, 0.51%",
        "5, 100, 5%",
        "551, 10000, 5.5%",
        "999, 1000, 100%",
        "996, 10000, 10%",
        "1, 10000000, 0.00001%",
        "150, 100, 150%",
        "11010048, 2147483648, 0.51%"
    })
    void aShareHasTwoSignificantDigitsAndIsNeverInPowersOfTen(long amount, long total, String text) {
        assertThat(Percent.of(amount, total)).isEqualTo(text);
    }

    @ParameterizedTest
    @CsvSource({
        "4096, 4096",
        "10 GiB, 10737418240",
        "10gb, 10737418240",
        "500M, 524288000",
        "1.5t, 1649267441664",
        "' 2 kib ', 2048",
        "8191p, 9222246136947933184"
    })
    void aSizeIsReadAsPeopleWriteIt(String text, long bytes) {
        assertThat(HumanSize.parse("size", text)).isEqualTo(bytes);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "ten", "-1", "1e3", "10 XB", "0", "0.1", "8193p", "1 2"})
    void whatIsNoSizeOrOutOfRangeIsRefusedByItsField(String text) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> HumanSize.parse("room", text))
                .withMessageContaining("'room'")
                .satisfies(failure -> assertThat(failure.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }
}
