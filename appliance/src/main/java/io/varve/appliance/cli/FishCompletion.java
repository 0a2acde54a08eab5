package io.varve.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.stream.Stream;

/** A completion script for fish (complete(1)), made from the commands themselves. */
final class FishCompletion {
    private static final Set<String> FILE_LABELS = Set.of("FILE", "PATH", "DIR", "DIRECTORY");

    private final List<String> lines = new ArrayList<>();

    String script(CommandLine root) {
        lines.add("# varve completion for fish");
        lines.add("complete -c varve -f");
        addOptions("", root.getCommandSpec());
        for (CommandLine noun : root.getSubcommands().values()) {
            addCommand("__fish_use_subcommand", noun);
            String seen = "__fish_seen_subcommand_from " + noun.getCommandName();
            addOptions(seen, noun.getCommandSpec());
            addVerbs(seen, noun);
        }
        return String.join("\n", lines) + "\n";
    }

    private void addVerbs(String seenNoun, CommandLine noun) {
        Set<String> verbs = noun.getSubcommands().keySet();
        for (CommandLine verb : noun.getSubcommands().values()) {
            addCommand(seenNoun + "; and not __fish_seen_subcommand_from " + String.join(" ", verbs), verb);
            addOptions(seenNoun + "; and __fish_seen_subcommand_from " + verb.getCommandName(), verb.getCommandSpec());
        }
    }

    private void addCommand(String condition, CommandLine command) {
        lines.add("complete -c varve -n " + quoted(condition) + " -a " + command.getCommandName() + " -d "
                + quoted(description(command.getCommandSpec().usageMessage().description())));
    }

    private void addOptions(String condition, CommandSpec command) {
        String when = condition.isEmpty() ? "" : " -n " + quoted(condition);
        for (OptionSpec option : command.options()) {
            if (!option.inherited()) {
                lines.add("complete -c varve" + when + names(option) + parameter(option) + " -d "
                        + quoted(description(option.description())));
            }
        }
        command.positionalParameters().forEach(parameter -> addPositional(when, parameter));
    }

    private void addPositional(String when, PositionalParamSpec parameter) {
        if (isFile(parameter)) {
            lines.add("complete -c varve" + when + " -F");
        } else if (parameter.completionCandidates() != null) {
            lines.add("complete -c varve" + when + " -a " + quoted(String.join(" ", parameter.completionCandidates())));
        }
    }

    private static String names(OptionSpec option) {
        StringBuilder names = new StringBuilder();
        Stream.of(option.names()).forEach(name -> names.append(name.startsWith("--") ? " -l " : " -s ")
                .append(name.replaceFirst("^-+", "")));
        return names.toString();
    }

    private static String parameter(OptionSpec option) {
        if (option.arity().max() == 0) {
            return "";
        }
        return isFile(option) ? " -r -F" : " -x";
    }

    private static boolean isFile(ArgSpec argument) {
        return FILE_LABELS.contains(argument.paramLabel().toUpperCase(Locale.ROOT));
    }

    private static String description(String... text) {
        return String.join(" ", text);
    }

    private static String quoted(String text) {
        return "'" + text.replace("\\", "\\\\").replace("'", "\\'") + "'";
    }
}
