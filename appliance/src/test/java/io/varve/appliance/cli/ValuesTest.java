package io.varve.appliance.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

/** Sizes, times and names as people write and read them. */
final class ValuesTest {
    @ParameterizedTest
    @CsvSource({
        "0, 0 B",
        "1023, 1023 B",
        "1024, 1 KiB",
        "1536, 1.5 KiB",
        "11274289152, 10.5 GiB",
        "1048575, 1 MiB",
        "1073741823, 1 GiB",
        "9223372036854775807, 8 EiB",
        "-2048, -2 KiB"
    })
    void sizesHaveOneDecimalAtMost(long bytes, String text) {
        assertThat(Sizes.human(bytes)).isEqualTo(text);
    }

    @Test
    void aBareNumberOfBytesStaysANumberHoweverLarge() {
        assertThat(Sizes.input("123456789012345678901")).hasToString("123456789012345678901");
        assertThat(Sizes.input("10 GiB")).hasToString("\"10 GiB\"");
        assertThat(Sizes.input("-1")).hasToString("\"-1\"");
    }

    @ParameterizedTest
    @CsvSource({"90s, PT1M30S", "15m, PT15M", "24h, PT24H", "7d, PT168H", "2w, PT336H", "1d12h, PT36H"})
    void durationsAreAddedUp(String text, Duration duration) {
        assertThat(Times.duration(text)).isEqualTo(duration);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "1", "h", "1h ", "1.5h", "-1h", "1y", "1h x", "9999999999s"})
    void whatIsNoDurationIsRefused(String text) {
        assertThatThrownBy(() -> Times.duration(text)).isInstanceOf(IllegalArgumentException.class);
    }

    @Test
    void timesLoseWhatNobodyReads() {
        assertThat(Times.human("2026-11-02T07:12:09.123456789Z")).isEqualTo("2026-11-02T07:12:09Z");
        assertThat(Times.human("2026-11-02T09:12:09+02:00")).isEqualTo("2026-11-02T07:12:09Z");
        assertThat(Times.human("yesterday")).isEqualTo("yesterday");
    }

    @Test
    void aVolumeIsWrittenBackAsShortAsItCanBeRead() {
        assertThat(VolumeReference.parse("app")).hasToString("app").isEqualTo(VolumeReference.parse("default/app"));
        assertThat(VolumeReference.parse("fast/app")).hasToString("fast/app");
    }

    @Test
    void theBarShowsShareBytesAndRate() {
        ProgressBar bar = new ProgressBar(new PrintWriter(new StringWriter()), () -> Varve.NOW, "x", 200 * 1024);
        bar.advance(100 * 1024);

        assertThat(bar.line(Duration.ofSeconds(2))).isEqualTo("x  [============            ] 50 %  100 KiB  50 KiB/s");
    }

    @Test
    void theVersionIsTheBuilds() throws IOException {
        Matcher version = Pattern.compile("<artifactId>varve</artifactId>\\s*<version>([^<]*)</version>")
                .matcher(Files.readString(Path.of("pom.xml")));

        assertThat(version.find()).isTrue();
        assertThat(version.group(1)).isEqualTo(Version.NUMBER);
    }
}
