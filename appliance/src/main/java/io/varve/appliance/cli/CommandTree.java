package io.varve.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** All commands, in the groups the help shows them in. */
final class CommandTree {
    private static final String VOLUMES = "Stores and volumes";
    private static final String HISTORY = "History";
    private static final String ARCHIVES = "Archives";
    private static final String RETENTION = "Retention";
    private static final String OPERATION = "Operation";
    private static final String SHELL = "This program";

    private record Noun(String name, String group, Function<Session, Object> command) {}

    private static final List<Noun> NOUNS = List.of(
            new Noun("driver", VOLUMES, DriverCommands::new),
            new Noun("store", VOLUMES, StoreCommands::new),
            new Noun("volume", VOLUMES, VolumeCommands::new),
            new Noun("snapshot", HISTORY, SnapshotCommands::new),
            new Noun("rollback", HISTORY, RollbackCommand::new),
            new Noun("diff", HISTORY, DiffCommand::new),
            new Noun("restore", HISTORY, RestoreCommand::new),
            new Noun("export", ARCHIVES, ExportCommand::new),
            new Noun("import", ARCHIVES, ImportCommand::new),
            new Noun("verify", ARCHIVES, VerifyCommand::new),
            new Noun("policy", RETENTION, PolicyCommands::new),
            new Noun("serve", OPERATION, ServeCommand::new),
            new Noun("status", OPERATION, StatusCommand::new),
            new Noun("iostat", OPERATION, IostatCommand::new),
            new Noun("events", OPERATION, EventsCommand::new),
            new Noun("doctor", OPERATION, DoctorCommand::new),
            new Noun("token", OPERATION, TokenCommands::new),
            new Noun("completion", SHELL, CompletionCommand::new),
            new Noun("manual", SHELL, ManualCommand::new),
            new Noun("version", SHELL, VersionCommand::new),
            new Noun("help", SHELL, session -> new HelpVerb()));

    /** What makes the whole tree wanted. */
    private static final List<String> HELP = List.of("help", "-h", "--help", "completion", "manual");

    private CommandTree() {}

    /**
     * The commands that {@code arguments} can mean. Building all of them takes longer than most calls to the appliance,
     * so where a noun or a verb is named the others are left out.
     */
    static CommandLine build(Session session, RootCommand root, List<String> arguments) {
        CommandLine commands = new CommandLine(root);
        boolean help = !Collections.disjoint(arguments, HELP);
        boolean all = help || NOUNS.stream().noneMatch(noun -> arguments.contains(noun.name()));
        for (Noun noun : NOUNS) {
            if (all || arguments.contains(noun.name())) {
                commands.addSubcommand(noun.name(), noun(noun.command().apply(session), help ? List.of() : arguments));
            }
        }
        return commands;
    }

    private static CommandLine noun(Object command, List<String> arguments) {
        CommandLine noun = new CommandLine(command);
        List<Method> verbs = CommandLine.getCommandMethods(command.getClass(), null);
        boolean all = verbs.stream().noneMatch(verb -> arguments.contains(name(verb)));
        for (Method verb : verbs) {
            if (all || arguments.contains(name(verb))) {
                noun.addSubcommand(name(verb), verb);
            }
        }
        return noun;
    }

    private static String name(Method verb) {
        return verb.getAnnotation(Command.class).name();
    }

    /** The names of the nouns by group. */
    static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        NOUNS.forEach(noun ->
                groups.computeIfAbsent(noun.group(), group -> new ArrayList<>()).add(noun.name()));
        return groups;
    }
}
