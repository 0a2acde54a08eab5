package io.varve.status;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Usage;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;
import static org.assertj.core.api.Assertions.assertThatIllegalStateException;

class UsageDataTest {
    private static byte[] bytes(String json) {
        return json.getBytes(StandardCharsets.UTF_8);
    }

    private static String written(Usage... usages) {
        return new String(UsageData.of(List.of(usages)).write(), StandardCharsets.UTF_8);
    }

    @Test
    void aFigureIsWrittenWithItsNames() {
        assertThat(written(Usage.bytes("storage.used", "Data", "Used", 7), Usage.bytes("Data", "Total", 9)))
                .isEqualTo("[{\"metricName\":\"storage.used\",\"label\":\"Data\",\"type\":\"Used\",\"value\":7},"
                        + "{\"label\":\"Data\",\"type\":\"Total\",\"value\":9}]");
    }

    @Test
    void aRealFigureStaysRealWhereItIsWhole() {
        Usage five = new Usage.Real(Optional.empty(), "Pool", "Await", 5.0);

        assertThat(written(five)).contains("\"value\":5.0");
        assertThat(UsageData.read(bytes(written(five))).usages()).containsExactly(five);
    }

    @Test
    void theFormOfTheNumberSaysWhichKindItIs() {
        String json = "[{\"label\":\"a\",\"type\":\"t\",\"value\":5},{\"label\":\"a\",\"type\":\"t\",\"value\":-5},"
                + "{\"label\":\"a\",\"type\":\"t\",\"value\":5.0},{\"label\":\"a\",\"type\":\"t\",\"value\":5e0}]";

        assertThat(UsageData.read(bytes(json)).usages())
                .containsExactly(
                        Usage.bytes("a", "t", 5),
                        Usage.bytes("a", "t", -5),
                        new Usage.Real(Optional.empty(), "a", "t", 5),
                        new Usage.Real(Optional.empty(), "a", "t", 5));
    }

    @Test
    void fieldsOfALaterVersionAreKept() {
        String json = "[{\"label\":\"a\",\"type\":\"t\",\"value\":5,\"note\":{\"deep\":[1,2.50]},\"unit\":\"B\"}]";

        assertThat(new String(UsageData.read(bytes(json)).write(), StandardCharsets.UTF_8))
                .isEqualTo(json.replace("2.50", "2.5"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "{}",
                "[1]",
                "[{\"type\":\"t\",\"value\":5}]",
                "[{\"label\":\"a\",\"value\":5}]",
                "[{\"label\":\"a\",\"type\":\"t\"}]",
                "[{\"label\":\"a\",\"type\":\"t\",\"value\":\"5\"}]",
                "[{\"label\":\"a\",\"type\":\"t\",\"value\":null}]",
                "[{\"label\":\"a\",\"type\":\"t\",\"value\":18446744073709551616}]",
                "[{\"label\":\"a\",\"type\":\"t\",\"value\":5"
            })
    void whatIsNoListOfFiguresIsRefused(String json) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> UsageData.read(bytes(json)))
                .withMessageStartingWith("not usage data: ")
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.REQUEST_INVALID));
    }

    @Test
    void whatIsNoNumberIsNotWrittenAsOne() {
        assertThatIllegalStateException()
                .isThrownBy(() -> written(new Usage.Real(Optional.empty(), "Pool", "Await", Double.NaN)))
                .withMessage("Pool Await is NaN");
    }
}
