package io.varve.appliance.cli;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;

import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

import static org.assertj.core.api.Assertions.assertThat;

/** Every command explains itself. */
final class HelpTest {
    private static final Varve VARVE = Varve.at(Path.of("/nowhere/varve.sock"));

    /** The nouns and verbs of the outer contract. */
    private static final List<String> CONTRACT = List.of(
            "serve",
            "driver list",
            "store list",
            "store add",
            "store show",
            "store status",
            "store remove",
            "volume create",
            "volume list",
            "volume show",
            "volume resize",
            "volume release",
            "volume remove",
            "snapshot create",
            "snapshot list",
            "snapshot show",
            "snapshot remove",
            "snapshot tag",
            "snapshot untag",
            "snapshot find",
            "snapshot hold",
            "snapshot unhold",
            "rollback",
            "export",
            "import",
            "verify",
            "diff",
            "restore",
            "policy apply",
            "policy list",
            "policy show",
            "policy remove",
            "policy preview",
            "policy run",
            "status",
            "iostat",
            "events",
            "doctor",
            "token add",
            "token list",
            "token remove",
            "completion",
            "version");

    static List<String> contract() {
        return CONTRACT;
    }

    @ParameterizedTest
    @MethodSource("contract")
    void everyCommandOfTheContractSaysHowItIsWritten(String command) {
        Outcome outcome = VARVE.call((command + " --help").split(" "));

        assertThat(outcome.status()).isZero();
        assertThat(outcome.err()).isEmpty();
        assertThat(outcome.outLines()).anyMatch(line -> line.startsWith("Usage: varve " + command));
        assertThat(outcome.outLines().getFirst()).contains(" ").hasSizeLessThanOrEqualTo(80);
    }

    @Test
    void everyArgumentOptionAndNounIsExplained() {
        commands(tree()).forEach(command -> {
            String name = command.getCommandSpec().qualifiedName();
            assertThat(command.getCommandSpec().usageMessage().description())
                    .as(name)
                    .isNotEmpty();
            assertThat(String.join(" ", command.getCommandSpec().usageMessage().description()))
                    .as(name)
                    .endsWith(".");
            assertThat(command.getCommandSpec().args()).allSatisfy(argument -> assertExplained(name, argument));
        });
        assertThat(tree().getSubcommands().values()).allSatisfy(noun -> assertThat(
                        noun.getCommandSpec().usageMessage().footer())
                .as("examples of %s", noun.getCommandName())
                .isNotEmpty());
    }

    @Test
    void everyExampleIsOneTheCommandLineAccepts() {
        List<String> examples = commands(tree())
                .flatMap(command ->
                        Stream.of(command.getCommandSpec().usageMessage().footer()))
                .toList();

        assertThat(examples).hasSizeGreaterThan(40).allSatisfy(example -> {
            List<String> words = Examples.words(example);
            assertThat(words).as(example).startsWith("varve");
            tree().parseArgs(words.subList(1, words.size()).toArray(String[]::new));
        });
    }

    @Test
    void theOverviewNamesEveryNounAndTheExitStatuses() {
        String help = VARVE.call("--help").out();

        CONTRACT.forEach(command -> assertThat(help).contains("  " + command.split(" ")[0]));
        assertThat(help).contains("Exit status: 0 done, 1 refused or failed, 2 usage, 3");
        assertThat(VARVE.call("help").out()).isEqualTo(help);
        assertThat(VARVE.call().err()).isEqualTo(help);
    }

    @Test
    void helpAndItsOptionSayTheSame() {
        assertThat(VARVE.call("help", "snapshot", "hold").out())
                .isEqualTo(VARVE.call("snapshot", "hold", "-h").out());
    }

    @Test
    void theVersionIsPrintedWithoutAnAppliance() {
        assertThat(VARVE.call("version")).isEqualTo(new Outcome(0, "varve " + Version.NUMBER + "\n", ""));
        assertThat(VARVE.call("--version").out()).isEqualTo("varve " + Version.NUMBER + "\n");
        assertThat(VARVE.call("version", "--json").out()).isEqualTo("{\"version\":\"" + Version.NUMBER + "\"}\n");
    }

    private static void assertExplained(String command, ArgSpec argument) {
        assertThat(argument.description()).as("%s %s", command, argument).isNotEmpty();
        assertThat(String.join(" ", argument.description()))
                .as("%s %s", command, argument)
                .endsWith(".");
    }

    static CommandLine tree() {
        RootCommand root = new RootCommand();
        Surroundings surroundings = new Surroundings(
                System.in, System.out, System.err, java.util.Map.of(), Terminals.NONE, java.time.Clock.systemUTC());
        return CommandLineInterface.commandLine(new Session(surroundings, root, new NoHost()), root, List.of());
    }

    private static Stream<CommandLine> commands(CommandLine command) {
        return Stream.concat(
                Stream.of(command), command.getSubcommands().values().stream().flatMap(HelpTest::commands));
    }
}
