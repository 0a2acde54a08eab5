package io.varve.appliance.cli;

import org.junit.jupiter.api.Test;

import java.nio.file.Path;
import java.util.List;

import static org.assertj.core.api.Assertions.assertThat;

/** What `man varve` shows. */
final class ManualPageTest {
    private static final List<String> PAGE =
            Varve.at(Path.of("/nowhere/varve.sock")).call("manual").outLines();

    @Test
    void everyCommandOfTheContractIsInIt() {
        HelpTest.contract()
                .forEach(command -> assertThat(PAGE).anyMatch(line -> line.startsWith("\\fBvarve " + command)));
    }

    @Test
    void optionsOfOneCommandAreBelowIt() {
        int create = PAGE.indexOf("Take a snapshot. In a pipe it prints the label alone.");

        assertThat(create).isPositive();
        assertThat(PAGE.subList(create, create + 25)).contains("\\fB\\-m, \\-\\-message TEXT\\fR");
    }

    @Test
    void aHyphenCanBeCopiedAndNoTextIsARequest() {
        assertThat(PAGE.stream().filter(line -> !line.startsWith(".")))
                .allMatch(line -> !line.replace("\\-", "").contains("-"));
        assertThat(PAGE.stream().filter(line -> line.startsWith(".")))
                .allMatch(line -> line.matches("\\.(TH VARVE|SH|SS|TP|RS|RE|EX|EE).*"));
    }
}
