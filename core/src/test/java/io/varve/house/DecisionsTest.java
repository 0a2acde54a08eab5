package io.varve.house;

import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Decisions are numbered without gaps and say what they were chosen over. */
class DecisionsTest {
    private static final Path DIRECTORY = Sources.CORE.resolveSibling("docs").resolve("decisions");

    private static List<Path> decisions() throws IOException {
        try (Stream<Path> files = Files.list(DIRECTORY)) {
            return files.sorted().toList();
        }
    }

    private static String number(Path decision) {
        return decision.getFileName().toString().substring(0, 4);
    }

    @Test
    void theyAreNumberedWithoutGaps() throws IOException {
        List<Path> decisions = decisions();

        assertThat(decisions)
                .isNotEmpty()
                .allSatisfy(file -> assertThat(file.getFileName().toString()).matches("[0-9]{4}(-[a-z0-9]+)+\\.md"));
        assertThat(decisions.stream().map(DecisionsTest::number))
                .containsExactlyElementsOf(IntStream.rangeClosed(1, decisions.size())
                        .mapToObj("%04d"::formatted)
                        .toList());
    }

    @Test
    void eachSaysWhyWhatAndWhatElseWasThoughtOf() throws IOException {
        for (Path file : decisions()) {
            List<String> lines = Files.readAllLines(file);
            assertThat(lines.getFirst()).startsWith("# " + number(file) + " ");
            assertThat(lines.stream().filter(line -> line.startsWith("## ")))
                    .as(file.toString())
                    .startsWith("## Context", "## Decision", "## Rejected alternatives");
            assertThat(lines).as(file.toString()).anyMatch(line -> line.startsWith("- **"));
        }
    }
}
