package io.varve.house;

import org.junit.jupiter.api.Test;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** The sizes that keep code readable, measured on what the compiler reads. */
class SizesTest {
    private static final int MAX_FILE = 600;
    private static final int MAX_METHOD = 50;
    private static final int MAX_INTERFACE = 13;

    private static final List<Sources.Source> MAIN = Sources.below(Sources.CORE.resolve("src/main/java"));
    private static final List<Sources.Source> TEST = Sources.below(Sources.CORE.resolve("src/test/java"));

    private static Stream<Sources.Source> all() {
        return Stream.concat(MAIN.stream(), TEST.stream());
    }

    @Test
    void noFileIsTooLong() {
        assertThat(all()).hasSizeGreaterThan(100).allSatisfy(source -> assertThat(source.lines())
                .as(source.file().toString())
                .isLessThanOrEqualTo(MAX_FILE));
    }

    @Test
    void noMethodIsTooLong() {
        assertThat(all()).allSatisfy(source -> assertThat(source.methods())
                .allSatisfy(
                        method -> assertThat(method.lines()).as(method.name()).isLessThanOrEqualTo(MAX_METHOD)));
    }

    @Test
    void noInterfaceAsksTooMuchOfWhoImplementsIt() {
        // A binding is not implemented by anybody: one method a function of the C library.
        assertThat(MAIN.stream().flatMap(source -> source.interfaces().stream()))
                .filteredOn(each -> !each.name().equals("LibC"))
                .isNotEmpty()
                .allSatisfy(each -> assertThat(each.methods()).as(each.name()).isLessThanOrEqualTo(MAX_INTERFACE));
    }

    @Test
    void theContractOfDriversHasNoDefaultMethodThatThrows() {
        Path spi = Sources.CORE.resolve("src/main/java/io/varve/spi");

        assertThat(MAIN.stream().filter(source -> source.file().startsWith(spi)))
                .isNotEmpty()
                .allSatisfy(source -> assertThat(source.methods()).noneMatch(Sources.Method::refuses));
    }

    @Test
    void everyPackageSaysThatNothingIsNull() {
        assertThat(all().map(source -> source.file().resolveSibling("package-info.java"))
                        .distinct())
                .allSatisfy(info -> assertThat(Files.readString(info)).contains("@NullMarked"));
    }

    @Test
    void halfOfAllMethodsAreShort() {
        List<Long> lines = MAIN.stream()
                .flatMap(source -> source.methods().stream())
                .map(Sources.Method::lines)
                .sorted()
                .toList();
        List<Long> files =
                MAIN.stream().map(source -> (long) source.lines()).sorted().toList();
        System.out.printf(
                "core: %d methods, median %d, p90 %d, longest %d lines; %d files, median %d, p90 %d, longest %d lines%n",
                lines.size(),
                share(lines, 50),
                share(lines, 90),
                lines.getLast(),
                files.size(),
                share(files, 50),
                share(files, 90),
                files.getLast());

        assertThat(share(lines, 50)).isLessThanOrEqualTo(8);
        assertThat(share(lines, 90)).isLessThanOrEqualTo(22);
        assertThat(share(files, 90)).isLessThanOrEqualTo(250);
    }

    private static long share(List<Long> sorted, int percent) {
        return sorted.get(Math.max(0, (sorted.size() * percent + 99) / 100 - 1));
    }
}
