package io.varve.appliance.rest;

import io.varve.linux.RawName;
import io.varve.spi.StorageException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

import java.nio.charset.StandardCharsets;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class RawTextTest {
    private static byte[] everyByteButNul() {
        byte[] bytes = new byte[255];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = (byte) (i + 1);
        }
        return bytes;
    }

    private static String parameter(String query) {
        return new String(RawText.parameter(query, "path").orElseThrow(), StandardCharsets.UTF_8);
    }

    @Test
    void aNameThatIsNotUtf8ComesBackThroughAQueryByteForByte() {
        RawName name = RawName.of(everyByteButNul());

        String encoded = RawText.ifNotText(name).orElseThrow();

        assertThat(encoded).matches("[A-Za-z0-9%._~/-]+");
        assertThat(RawText.parameter("path=" + encoded, "path").orElseThrow()).isEqualTo(everyByteButNul());
    }

    @ParameterizedTest
    @ValueSource(strings = {"plain", "\u00e4\u20ac\ud83d\ude00", "replacement \ufffd", "line\nbreak"})
    void aNameThatIsUtf8NeedsNoBytes(String text) {
        assertThat(RawText.ifNotText(RawName.of(text))).isEmpty();
    }

    @Test
    void theFirstParameterOfTheNameCounts() {
        assertThat(parameter("x=1&path=a/b&path=c")).isEqualTo("a/b");
        assertThat(parameter("path=")).isEmpty();
        assertThat(RawText.parameter("mypath=a&path2=b&path", "path")).isEmpty();
        assertThat(RawText.parameter("", "path")).isEmpty();
    }

    @Test
    void encodedAndUnencodedCharactersMeanTheSame() {
        assertThat(parameter("path=a%20b+c%2Bd=e%26%c3%a4\u00e4")).isEqualTo("a b c+d=e&\u00e4\u00e4");
    }

    @ParameterizedTest
    @ValueSource(strings = {"path=%", "path=a%4", "path=%zz", "path=%-1"})
    void aBrokenEncodingIsRefused(String query) {
        assertThatThrownBy(() -> parameter(query)).isInstanceOf(StorageException.class);
    }
}
