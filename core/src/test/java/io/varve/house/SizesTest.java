package io.varve.house;

import org.junit.jupiter.api.Test;

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
        assertThat(all()).hasSizeGreaterThan(100);
        assertThat(all().filter(source -> source.lines() > MAX_FILE)
                        .map(source -> source.file() + " has " + source.lines() + " lines"))
                .isEmpty();
    }

    @Test
    void noMethodIsTooLong() {
        assertThat(tooLong(MAIN)).isEmpty();
        assertThat(tooLong(TEST).filter(method -> !method.table())).isEmpty();
    }

    private static Stream<Sources.Method> tooLong(List<Sources.Source> sources) {
        return sources.stream()
                .flatMap(source -> source.methods().stream())
                .filter(method -> method.lines() > MAX_METHOD);
    }

    @Test
    void noInterfaceAsksTooMuchOfWhoImplementsIt() {
        // A binding is not implemented by anybody: one method a function of the C library.
        assertThat(MAIN.stream()
                        .flatMap(source -> source.interfaces().stream())
                        .filter(each ->
                                each.methods() > MAX_INTERFACE && !each.name().equals("LibC"))
                        .map(each -> each.name() + " has " + each.methods() + " methods"))
                .isEmpty();
    }

    @Test
    void theContractOfDriversHasNoDefaultMethodThatThrows() {
        Path spi = Sources.CORE.resolve("src/main/java/io/varve/spi");

        assertThat(MAIN.stream()
                        .filter(source -> source.file().startsWith(spi))
                        .flatMap(source -> source.methods().stream()))
                .isNotEmpty()
                .noneMatch(Sources.Method::refuses);
    }

    @Test
    void everyPackageSaysThatNothingIsNull() {
        assertThat(MAIN.stream()
                        .map(source -> source.file().resolveSibling("package-info.java"))
                        .distinct())
                .isNotEmpty()
                .allSatisfy(info -> assertThat(info).content().contains("@NullMarked"));
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
