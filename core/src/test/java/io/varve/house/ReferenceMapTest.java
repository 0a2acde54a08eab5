package io.varve.house;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

import java.io.IOException;
import java.lang.reflect.Member;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

/** What docs/reference-map.md says is so. */
class ReferenceMapTest {
    private static final Path PROJECT = Sources.CORE.resolveSibling("");
    private static final Path MAP = Sources.CORE.resolveSibling("docs").resolve("reference-map.md");
    private static final Path IDENTIFIERS = Sources.CORE.resolve("src/test/resources/reference-identifiers.txt");
    private static final Pattern CODE = Pattern.compile("`([^`]+)`");
    private static final Pattern CORE_MEMBER = Pattern.compile("(io\\.varve\\.[a-z.]+\\.[A-Z][\\w$]*)(?:#(\\w+))?");
    private static final Pattern OTHER_MODULE = Pattern.compile("([a-z-]+)/(io\\.varve\\.[\\w.]+)(?:#(\\w+))?");
    private static final Pattern REST = Pattern.compile("(GET|PUT|POST|DELETE) (/api/v1/[\\w/{}]+)");

    record Row(String reference, String here, String remark) {
        List<String> counterparts() {
            return CODE.matcher(here).results().map(found -> found.group(1)).toList();
        }

        @Override
        public String toString() {
            return reference;
        }
    }

    static List<Row> rows() throws IOException {
        List<Row> rows = new ArrayList<>();
        for (String line : Files.readAllLines(MAP, StandardCharsets.UTF_8)) {
            String[] cells = line.split("\\s*\\|\\s*", -1);
            if (line.startsWith("| `")) {
                assertThat(cells).as(line).hasSize(5);
                rows.add(new Row(cells[1].replace("`", ""), cells[2], cells[3]));
            }
        }
        return rows;
    }

    @ParameterizedTest
    @MethodSource("rows")
    void everyCounterpartIsThere(Row row) throws Exception {
        if (row.here().equals("none") || row.here().equals("later")) {
            assertThat(row.remark()).as("the reason").hasSizeGreaterThan(20);
            return;
        }
        assertThat(row.counterparts()).isNotEmpty();
        assertThat(CODE.matcher(row.here()).replaceAll("").replaceAll("[, ]", ""))
                .isEmpty();
        for (String counterpart : row.counterparts()) {
            resolve(counterpart);
        }
    }

    private static void resolve(String counterpart) throws Exception {
        Matcher core = CORE_MEMBER.matcher(counterpart);
        Matcher other = OTHER_MODULE.matcher(counterpart);
        if (core.matches()) {
            Class<?> type = Class.forName(core.group(1), false, ReferenceMapTest.class.getClassLoader());
            if (core.group(2) != null) {
                assertThat(members(type)).as(counterpart).contains(core.group(2));
            }
        } else if (other.matches()) {
            Path sources = PROJECT.resolve(other.group(1)).resolve("src/main/java");
            assumeThat(sources).as("a module that is not built yet").exists();
            Path source = sources.resolve(other.group(2).replace('.', '/') + ".java");
            assertThat(source).content().contains(" " + other.group(3) + "(");
        } else {
            assertThat(counterpart).matches(REST);
        }
    }

    private static List<String> members(Class<?> type) {
        return Stream.concat(Arrays.stream(type.getDeclaredMethods()), Arrays.stream(type.getDeclaredFields()))
                .map(Member::getName)
                .toList();
    }

    @Test
    void everyIdentifierOfTheReferenceHasOneRowAndNoOtherHas() throws IOException {
        List<String> wanted = Files.readAllLines(IDENTIFIERS, StandardCharsets.UTF_8).stream()
                .filter(line -> !line.startsWith("#") && !line.isBlank())
                .toList();

        assertThat(wanted).hasSizeGreaterThan(150);
        assertThat(rows()).extracting(Row::reference).containsExactlyInAnyOrderElementsOf(wanted);
    }

    @Test
    void whatHasNoCounterpartIsCountedAndShown() throws IOException {
        List<Row> none =
                rows().stream().filter(row -> row.here().equals("none")).toList();
        List<Row> later =
                rows().stream().filter(row -> row.here().equals("later")).toList();

        System.out.printf("reference map: %d rows, none for %s, later %s%n", rows().size(), none, later);
        assertThat(none).hasSizeLessThanOrEqualTo(4);
        assertThat(later).hasSizeLessThanOrEqualTo(1);
    }

    @Test
    void everyLinkLeadsToADecision() throws IOException {
        Matcher links = Pattern.compile("\\]\\(([^)]+)\\)").matcher(Files.readString(MAP, StandardCharsets.UTF_8));

        assertThat(links.results()).isNotEmpty().allSatisfy(link -> assertThat(MAP.resolveSibling(link.group(1)))
                .isRegularFile());
    }
}
