package io.varve.retention;

import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class GlobTest {
    @ParameterizedTest
    @CsvSource({
        "*, anything",
        "app-*, app-",
        "app-*, app-shop",
        "*-db, shop-db",
        "a*b*c, aXbXbXc",
        "a*b*c, abc",
        "a?c, abc",
        "**, x",
        "release-1.*, release-1.2",
        "täglich*, täglich-1",
    })
    void aPatternCoversTheNamesItStandsFor(String pattern, String name) {
        assertThat(new Glob(pattern).matches(name)).isTrue();
    }

    @ParameterizedTest
    @CsvSource({
        "app-*, app",
        "app-*, my-app-1",
        "a*b*c, aXbXb",
        "a?c, ac",
        "App, app",
        "release-1.*, release-102",
        "[ab], a",
        "'{a,b}', a",
    })
    void nothingElseIsCovered(String pattern, String name) {
        assertThat(new Glob(pattern).matches(name)).isFalse();
    }

    @Test
    void anEmptyPatternIsRefused() {
        assertThatThrownBy(() -> new Glob(" ")).isInstanceOf(StorageException.class);
    }

    @Test
    void manyStarsTakeNoTime() {
        String name = "a".repeat(128);

        assertThat(new Glob("a*".repeat(60) + "b").matches(name)).isFalse();
    }
}
