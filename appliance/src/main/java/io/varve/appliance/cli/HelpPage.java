package io.varve.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.IHelpSectionRenderer;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;

/** How the help of every command is laid out: what it does, how it is written, its parts, examples. */
final class HelpPage {
    private static final String INDENT = "  ";
    private static final int WIDTH = 80;
    private static final String GLOBAL_OPTIONS =
            "\nOptions of every command: --json, --socket, --url, --token-file, --help. See: varve --help\n";
    private static final String EVERYWHERE = """

            Volumes are written [STORE/]VOLUME; the store is 'default' if left out.
            Exit status: 0 done, 1 refused or failed, 2 usage, 3 the appliance cannot be reached.
            """;

    private HelpPage() {}

    static void applyTo(CommandLine commands) {
        Map<String, IHelpSectionRenderer> sections = new LinkedHashMap<>();
        sections.put("purpose", help -> wrapped(purpose(spec(help)), 0) + "\n\n");
        sections.put("usage", help -> "Usage: " + wrapped(usage(spec(help)), "Usage: ".length()) + "\n");
        sections.put("arguments", help -> section("Arguments", arguments(spec(help))));
        sections.put("commands", HelpPage::commands);
        sections.put("options", help -> section("Options", options(spec(help))));
        sections.put("examples", help -> section("Examples", examples(spec(help))));
        sections.put("global", help -> global(spec(help)));
        commands.setHelpSectionMap(sections);
        commands.setHelpSectionKeys(List.copyOf(sections.keySet()));
    }

    private static CommandSpec spec(Help help) {
        return help.commandSpec();
    }

    static String usage(CommandSpec command) {
        String[] given = command.usageMessage().customSynopsis();
        if (given.length > 0) {
            return given[0];
        }
        StringBuilder usage = new StringBuilder(command.qualifiedName(" "));
        command.options().stream().filter(HelpPage::isOwn).forEach(option -> usage.append(' ')
                .append(option.required() ? optionUsage(option) : "[" + optionUsage(option) + "]")
                .append(option.isMultiValue() ? "..." : ""));
        command.positionalParameters().forEach(parameter -> usage.append(' ').append(parameterUsage(parameter)));
        return command.subcommands().isEmpty() ? usage.toString() : usage + " VERB ...";
    }

    private static String optionUsage(OptionSpec option) {
        return option.longestName() + (option.arity().max() == 0 ? "" : " " + option.paramLabel());
    }

    private static String parameterUsage(PositionalParamSpec parameter) {
        return parameter.arity().min() == 0 ? "[" + parameter.paramLabel() + "]" : parameter.paramLabel();
    }

    private static boolean isOwn(OptionSpec option) {
        return !option.inherited() && !option.usageHelp() && !option.versionHelp();
    }

    private static String arguments(CommandSpec command) {
        return described(command.positionalParameters(), PositionalParamSpec::paramLabel);
    }

    private static String options(CommandSpec command) {
        List<OptionSpec> own = command.options().stream()
                .filter(option -> !option.inherited())
                .sorted(Comparator.comparing(OptionSpec::longestName))
                .toList();
        return described(own, HelpPage::optionLabel);
    }

    static String optionLabel(OptionSpec option) {
        String parameter = option.arity().max() == 0 ? "" : " " + option.paramLabel();
        return String.join(", ", option.names()) + parameter;
    }

    private static <T extends ArgSpec> String described(List<T> arguments, Function<T, String> label) {
        int width =
                arguments.stream().mapToInt(a -> label.apply(a).length()).max().orElse(0);
        StringBuilder lines = new StringBuilder();
        for (T argument : arguments) {
            String blanks = " ".repeat(width - label.apply(argument).length() + 2);
            String name = INDENT + label.apply(argument) + blanks;
            String meaning = String.join(" ", argument.description());
            lines.append(name).append(wrapped(meaning, name.length())).append('\n');
        }
        return lines.toString();
    }

    /** The words of a text on lines of 80 columns, every line but the first indented. */
    private static String wrapped(String text, int indent) {
        StringBuilder lines = new StringBuilder();
        int column = indent;
        for (String word : text.split(" ")) {
            if (column > indent && column + 1 + word.length() > WIDTH) {
                lines.append('\n').append(" ".repeat(indent));
                column = indent;
            } else if (column > indent) {
                lines.append(' ');
                column++;
            }
            lines.append(word);
            column += word.length();
        }
        return lines.toString();
    }

    private static String commands(Help help) {
        Map<String, Help> commands = help.subcommands();
        if (commands.isEmpty()) {
            return "";
        }
        if (spec(help).parent() != null) {
            return section("Verbs", lines(commands, List.copyOf(commands.keySet())));
        }
        return CommandTree.groups().entrySet().stream()
                .map(group -> section(group.getKey(), lines(commands, group.getValue())))
                .collect(Collectors.joining());
    }

    private static String lines(Map<String, Help> commands, List<String> names) {
        StringBuilder lines = new StringBuilder();
        for (String name : names) {
            Help command = commands.get(name);
            if (command != null) {
                String title = String.format("%s%-12s", INDENT, name);
                lines.append(title)
                        .append(wrapped(firstSentence(command), title.length()))
                        .append('\n');
            }
        }
        return lines.toString();
    }

    private static String firstSentence(Help command) {
        String text = purpose(spec(command));
        int end = text.indexOf(". ");
        return end < 0 ? text : text.substring(0, end + 1);
    }

    static String purpose(CommandSpec command) {
        return String.join(" ", command.usageMessage().description());
    }

    private static String examples(CommandSpec command) {
        return Arrays.stream(command.usageMessage().footer())
                .map(example -> INDENT + example + "\n")
                .collect(Collectors.joining());
    }

    private static String global(CommandSpec command) {
        return command.parent() == null ? EVERYWHERE : GLOBAL_OPTIONS;
    }

    private static String section(String title, String content) {
        return content.isEmpty() ? "" : "\n" + title + ":\n" + content;
    }
}
