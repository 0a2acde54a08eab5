package io.varve.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.Model.PositionalParamSpec;

import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The manual page varve(1), made from the commands themselves, in the macros of man(7). */
final class ManualPage {
    private static final Map<String, String> EXIT_STATUS = Map.of(
            "0", "Done.",
            "1", "The appliance refused or failed; standard error says what, where, why and what to do.",
            "2", "The command line is wrong.",
            "3", "The appliance cannot be reached.");
    private static final Map<String, String> FILES = Map.of(
            "/etc/varve/varve.yaml", "What the appliance is told: its doors, stores and policies.",
            "/run/varve/varve.sock", "The Unix socket. Who may write to it may do everything.",
            "/var/lib/varve", "What the appliance was told through its doors: stores, policies.");

    private final CommandSpec root;
    private final StringBuilder page = new StringBuilder();

    ManualPage(CommandSpec root) {
        this.root = root;
    }

    String text() {
        line(".TH VARVE 1 \"\" \"varve " + Version.NUMBER + "\" \"Varve\"");
        line(".SH NAME");
        line("varve \\- " + escaped(HelpPage.purpose(root)).replaceFirst("\\.$", ""));
        line(".SH SYNOPSIS");
        line(escaped(HelpPage.usage(root)));
        line(".SH DESCRIPTION");
        line("Volumes are written [STORE/]VOLUME; the store is \\(lqdefault\\(rq if left out.");
        line(".SH OPTIONS");
        root.options().forEach(this::option);
        commands();
        line(".SH ENVIRONMENT");
        item(RootCommand.SOCKET_VARIABLE, "The appliance's Unix socket, where no option names it.");
        section("FILES", FILES);
        section("EXIT STATUS", EXIT_STATUS);
        line(".SH EXAMPLES");
        examples(root);
        return page.toString();
    }

    private void commands() {
        line(".SH COMMANDS");
        Map<String, CommandLine> nouns = root.subcommands();
        CommandTree.groups().forEach((group, names) -> {
            line(".SS " + group);
            names.stream()
                    .flatMap(name -> Stream.ofNullable(nouns.get(name)))
                    .flatMap(ManualPage::leaves)
                    .forEach(this::command);
        });
    }

    private static Stream<CommandSpec> leaves(CommandLine command) {
        Map<String, CommandLine> verbs = command.getSubcommands();
        return verbs.isEmpty()
                ? Stream.of(command.getCommandSpec())
                : verbs.values().stream().flatMap(ManualPage::leaves);
    }

    private void command(CommandSpec command) {
        item(HelpPage.usage(command), HelpPage.purpose(command));
        List<OptionSpec> own =
                command.options().stream().filter(option -> !option.inherited()).toList();
        line(".RS");
        command.positionalParameters().forEach(this::parameter);
        own.forEach(this::option);
        line(".RE");
    }

    private void parameter(PositionalParamSpec parameter) {
        item(parameter.paramLabel(), String.join(" ", parameter.description()));
    }

    private void option(OptionSpec option) {
        item(HelpPage.optionLabel(option), String.join(" ", option.description()));
    }

    private void section(String title, Map<String, String> items) {
        line(".SH " + title);
        items.entrySet().stream()
                .sorted(Map.Entry.comparingByKey())
                .forEach(each -> item(each.getKey(), each.getValue()));
    }

    private void examples(CommandSpec command) {
        line(".EX");
        Stream.of(command.usageMessage().footer()).map(ManualPage::escaped).forEach(this::line);
        line(".EE");
    }

    private void item(String term, String meaning) {
        line(".TP");
        line("\\fB" + escaped(term) + "\\fR");
        line(escaped(meaning));
    }

    private void line(String text) {
        page.append(text).append('\n');
    }

    /** A hyphen is one that can be copied; nothing in a text is a request to the formatter. */
    private static String escaped(String text) {
        String escaped = text.replace("\\", "\\e").replace("-", "\\-");
        return escaped.startsWith(".") || escaped.startsWith("'") ? "\\&" + escaped : escaped;
    }
}
