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
import java.util.function.Supplier;
import java.util.stream.Collectors;

/** All commands, in the groups the help shows them in. */
final class CommandTree {
    private static final String VOLUMES = "Stores and volumes";
    private static final String HISTORY = "History";
    private static final String ARCHIVES = "Archives";
    private static final String RETENTION = "Retention";
    private static final String OPERATION = "Operation";
    private static final String SHELL = "This program";

    private record Noun(String name, String group, Class<?> type, Function<Session, Object> command) {}

    private static final List<Noun> NOUNS = List.of(
            new Noun("driver", VOLUMES, DriverCommands.class, DriverCommands::new),
            new Noun("store", VOLUMES, StoreCommands.class, StoreCommands::new),
            new Noun("volume", VOLUMES, VolumeCommands.class, VolumeCommands::new),
            new Noun("share", VOLUMES, ShareCommands.class, ShareCommands::new),
            new Noun("snapshot", HISTORY, SnapshotCommands.class, SnapshotCommands::new),
            new Noun("rollback", HISTORY, RollbackCommand.class, RollbackCommand::new),
            new Noun("diff", HISTORY, DiffCommand.class, DiffCommand::new),
            new Noun("restore", HISTORY, RestoreCommand.class, RestoreCommand::new),
            new Noun("export", ARCHIVES, ExportCommand.class, ExportCommand::new),
            new Noun("import", ARCHIVES, ImportCommand.class, ImportCommand::new),
            new Noun("verify", ARCHIVES, VerifyCommand.class, VerifyCommand::new),
            new Noun("policy", RETENTION, PolicyCommands.class, PolicyCommands::new),
            new Noun("serve", OPERATION, ServeCommand.class, ServeCommand::new),
            new Noun("status", OPERATION, StatusCommand.class, StatusCommand::new),
            new Noun("iostat", OPERATION, IostatCommand.class, IostatCommand::new),
            new Noun("events", OPERATION, EventsCommand.class, EventsCommand::new),
            new Noun("doctor", OPERATION, DoctorCommand.class, DoctorCommand::new),
            new Noun("token", OPERATION, TokenCommands.class, TokenCommands::new),
            new Noun("completion", SHELL, CompletionCommand.class, CompletionCommand::new),
            new Noun("manual", SHELL, ManualCommand.class, ManualCommand::new),
            new Noun("version", SHELL, VersionCommand.class, VersionCommand::new),
            new Noun("help", SHELL, HelpVerb.class, session -> new HelpVerb()));

    /** What makes the whole tree wanted. */
    private static final List<String> HELP = List.of("help", "-h", "--help", "completion", "manual");

    /**
     * The verbs of each noun in a native image: read from their annotations while it was built, which takes longer than most
     * calls to the appliance. Empty on a Java VM, where each is read when it is named.
     */
    private static final Map<Class<?>, Map<String, Supplier<CommandLine>>> READ_BEFORE = inImageBuild()
            ? NOUNS.stream().collect(Collectors.toMap(Noun::type, noun -> readVerbs(noun.type())))
            : Map.of();

    private CommandTree() {}

    private static boolean inImageBuild() {
        return "buildtime".equals(System.getProperty("org.graalvm.nativeimage.imagecode"));
    }

    private static Map<String, Supplier<CommandLine>> readVerbs(Class<?> noun) {
        Map<String, Supplier<CommandLine>> verbs = verbs(noun);
        verbs.replaceAll((name, verb) -> {
            CommandLine read = verb.get();
            return () -> read;
        });
        return verbs;
    }

    /** In the order of the help. */
    private static Map<String, Supplier<CommandLine>> verbs(Class<?> noun) {
        Map<String, Supplier<CommandLine>> verbs = new LinkedHashMap<>();
        for (Method verb : CommandLine.getCommandMethods(noun, null)) {
            verbs.put(verb.getAnnotation(Command.class).name(), () -> new CommandLine(verb));
        }
        return verbs;
    }

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
        Map<String, Supplier<CommandLine>> read = READ_BEFORE.get(command.getClass());
        Map<String, Supplier<CommandLine>> verbs = read == null ? verbs(command.getClass()) : read;
        boolean all = Collections.disjoint(verbs.keySet(), arguments);
        verbs.forEach((name, verb) -> {
            if (all || arguments.contains(name)) {
                noun.addSubcommand(name, verb.get());
            }
        });
        return noun;
    }

    /** The names of the nouns by group. */
    static Map<String, List<String>> groups() {
        Map<String, List<String>> groups = new LinkedHashMap<>();
        NOUNS.forEach(noun ->
                groups.computeIfAbsent(noun.group(), group -> new ArrayList<>()).add(noun.name()));
        return groups;
    }
}
