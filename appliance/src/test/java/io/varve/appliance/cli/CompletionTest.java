package io.varve.appliance.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

import static org.assertj.core.api.Assertions.assertThat;

/** The scripts are ones a shell can read, and complete what a person would type. */
final class CompletionTest {
    private static final Varve VARVE = Varve.at(Path.of("/nowhere/varve.sock"));

    @TempDir
    Path directory;

    @ParameterizedTest
    @ValueSource(strings = {"bash", "zsh"})
    void bashReadsTheScript(String shell) throws Exception {
        assertThat(bash("-n", script(shell).toString())).isEmpty();
    }

    @ParameterizedTest(name = "{0} -> {1}")
    @CsvSource({
        "varve snap, snapshot",
        "varve snapshot unh, unhold",
        "varve volume create --si, --size",
        "varve completion fi, fish"
    })
    void bashCompletesNounsVerbsOptionsAndChoices(String typed, String completed) throws Exception {
        String[] words = typed.split(" ");
        String test = "source " + script("bash") + "; COMP_WORDS=(" + typed + "); COMP_CWORD=" + (words.length - 1)
                + "; _complete_varve 2>/dev/null; echo \"${COMPREPLY[@]}\"";

        assertThat(bash("-c", test).strip()).isEqualTo(completed);
    }

    @Test
    void fishKnowsEveryNounVerbAndOption() {
        String script = VARVE.call("completion", "fish").out();

        assertThat(script.lines())
                .allMatch(line -> line.startsWith("# ") || line.startsWith("complete -c varve"))
                .allMatch(line -> line.replace("\\\\", "")
                                        .replace("\\'", "")
                                        .chars()
                                        .filter(c -> c == '\'')
                                        .count()
                                % 2
                        == 0)
                .contains(
                        "complete -c varve -n '__fish_use_subcommand' -a snapshot -d 'Take, see, tag, hold and remove"
                                + " snapshots of a volume.'",
                        "complete -c varve -n '__fish_seen_subcommand_from volume; and __fish_seen_subcommand_from"
                                + " create' -l size -x -d 'Its size, as \"10 GiB\", where the driver knows sizes.'",
                        "complete -c varve -n '__fish_seen_subcommand_from completion' -a 'bash zsh fish'",
                        "complete -c varve -n '__fish_seen_subcommand_from verify' -F");
    }

    private Path script(String shell) throws IOException {
        return Files.writeString(
                directory.resolve(shell), VARVE.call("completion", shell).out());
    }

    private static String bash(String... arguments) throws Exception {
        ProcessBuilder bash = new ProcessBuilder("/bin/bash").redirectErrorStream(true);
        bash.command().addAll(java.util.List.of(arguments));
        Process process = bash.start();
        process.getOutputStream().close();
        return new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }
}
