package io.varve.driver.devicemapper;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class DeviceNumbersTest {
    private final DeviceNumbers numbers = new DeviceNumbers();

    @Test
    void theyGoUpBeyondTheBaseImageAndWhatIsKnown() {
        assertThat(numbers.take("try")).isEqualTo(2);
        numbers.know(7);
        assertThat(numbers.take("try")).isEqualTo(8);
    }

    @Test
    void oneThatWasGivenBackIsNotTheNext() {
        int first = numbers.take("try");
        numbers.give(first);
        assertThat(numbers.take("try")).isNotEqualTo(first);
    }

    @Test
    void thoseOfOthersArePassedOver() {
        assertThat(numbers.passOver(2)).isTrue();
        assertThat(numbers.passOver(2)).isFalse();
        assertThat(numbers.take("try")).isEqualTo(3);
    }

    @Test
    void afterTheLastOneComesTheFirstFreeOne() {
        numbers.know(2);
        numbers.know(ThinPools.LAST_ID);
        assertThat(numbers.take("try")).isEqualTo(3);
        assertThat(numbers.take("try")).isEqualTo(4);
    }

    @Test
    void whereThereIsNoneLeftThatIsSaid() {
        for (int id = 2; id <= ThinPools.LAST_ID; id++) {
            numbers.know(id);
        }
        assertThatThrownBy(() -> numbers.take("cannot try"))
                .isInstanceOfSatisfying(StorageException.class, refusal -> assertThat(refusal.code())
                        .isEqualTo(ErrorCode.NO_SPACE))
                .hasMessageContaining("cannot try")
                .hasMessageContaining("16777216");
        numbers.give(4711);
        assertThat(numbers.take("try")).isEqualTo(4711);
    }
}
