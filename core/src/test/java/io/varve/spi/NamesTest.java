package io.varve.spi;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

class NamesTest {
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '"', textBlock = """
                    ""          | it is empty
                    "   "       | it is empty
                    a/b         | it contains '/'
                    /           | it contains '/'
                    ..          | it contains '..'
                    a..b        | it contains '..'
                    .           | it is '.'
                    .hidden     | it begins with '.'
                    " a"        | it begins or ends with white space
                    "a "        | it begins or ends with white space
                    """)
    void aRefusalSaysWhichRuleIsBroken(String text, String rule) {
        assertRefused(text, rule);
    }

    @ParameterizedTest
    @ValueSource(strings = {"a\nb", "a\0b", "a\u007fb", "a\u0085b", "a\u202eb", "a\u2028b", "a\ud800b", "a\ufffdb"})
    void controlInvisibleAndBrokenCharactersAreRefused(String text) {
        assertRefused(text, "it contains a control or invalid character");
    }

    @Test
    void aSpaceThatDoesNotBreakIsWhiteSpaceToo() {
        assertRefused("a\u00a0", "it begins or ends with white space");
    }

    @Test
    void theLengthIsCountedInBytes() {
        assertThat(VolumeName.of("ä".repeat(64)).value()).hasSize(64);
        assertRefused("ä".repeat(65), "it has 130 bytes, at most 128 are allowed");
    }

    private static void assertRefused(String text, String rule) {
        assertThatExceptionOfType(StorageException.class)
                .isThrownBy(() -> VolumeName.of(text))
                .withMessageContaining(rule)
                .satisfies(refusal -> assertThat(refusal.code()).isEqualTo(ErrorCode.NAME_INVALID));
    }

    @ParameterizedTest
    @CsvSource({"shop_db,shop", "shop,shop", "shop_db_old,shop", "_db,_db"})
    void theTenantIsThePartBeforeTheFirstUnderscore(String name, String tenant) {
        assertThat(VolumeName.of(name).tenant()).isEqualTo(tenant);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "Btrfs", "1st", "-a", "a_b", "a.b", "a/b", "ä"})
    void aDriverTypeIsLowerCaseLettersDigitsAndHyphens(String text) {
        assertThatExceptionOfType(StorageException.class).isThrownBy(() -> DriverType.of(text));
    }
}
