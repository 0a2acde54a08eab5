package io.varve.conformance.example;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

import static org.assertj.core.api.Assertions.assertThat;

/** The listings of docs/driver-authors.md are the files of this package, which are compiled and tried. */
class DriverAuthorsPageTest {
    private static final Path PAGE = Path.of("../docs/driver-authors.md");
    private static final Path HERE = Path.of("src/test/java/io/varve/conformance/example");
    private static final Pattern LISTING =
            Pattern.compile("<!-- listing (\\w+\\.java) -->\\n```java\\n(.*?)```\\n", Pattern.DOTALL);

    static List<String> files() {
        return List.of(
                "CopyDriver.java",
                "CopyDriverConformanceTest.java",
                "CopyDriverFixture.java",
                "CopyDriverProvider.java",
                "CopyTrees.java");
    }

    @ParameterizedTest
    @MethodSource("files")
    void theListingIsTheFile(String file) throws IOException {
        assertThat(listing(file)).isEqualTo(Files.readString(HERE.resolve(file)));
    }

    private static String listing(String file) throws IOException {
        Matcher listing = LISTING.matcher(Files.readString(PAGE));
        while (listing.find()) {
            if (listing.group(1).equals(file)) {
                return listing.group(2);
            }
        }
        throw new AssertionError(PAGE + " has no listing of " + file);
    }

    @Test
    void nothingElseIsListed() throws IOException {
        assertThat(LISTING.matcher(Files.readString(PAGE)).results().map(found -> found.group(1)))
                .containsExactlyInAnyOrderElementsOf(files());
    }
}
