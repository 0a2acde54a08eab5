package io.varve.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.ParseResult;
import picocli.CommandLine.UnmatchedArgumentException;

import java.io.InputStream;
import java.io.OutputStreamWriter;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.List;
import java.util.Map;

/** The command {@code varve}. */
public final class CommandLineInterface {
    private CommandLineInterface() {}

    /**
     * Runs one command line to its end. The streams are flushed, not closed; one that is the process's own and leads to
     * a terminal makes the output one for people.
     *
     * @param environment the environment variables; {@code VARVE_SOCKET} is looked at
     * @param host what is done here and not by an appliance
     * @return the exit status: 0 done, 1 refused or failed, 2 usage, 3 the appliance cannot be reached
     */
    public static int run(
            String[] args,
            PrintStream out,
            PrintStream err,
            InputStream in,
            Map<String, String> environment,
            HostActions host) {
        Terminals terminals = Terminals.of(in, out, err);
        return run(List.of(args), new Surroundings(in, out, err, environment, terminals, Clock.systemUTC()), host);
    }

    static int run(List<String> arguments, Surroundings surroundings, HostActions host) {
        RootCommand root = new RootCommand();
        PrintWriter out = writer(surroundings.out());
        PrintWriter err = writer(surroundings.err());
        int status;
        try (Session session = new Session(surroundings, root, host)) {
            status = commandLine(session, root, arguments)
                    .setOut(out)
                    .setErr(err)
                    .setParameterExceptionHandler((misuse, ignored) -> reportMisuse(misuse, err))
                    .setExecutionExceptionHandler((failure, ignored, result) -> reportFailure(failure, root, err))
                    .execute(arguments.toArray(String[]::new));
        }
        out.flush();
        err.flush();
        return surroundings.out().checkError() && status == ExitStatus.DONE ? unwritable(err) : status;
    }

    /** The commands that {@code arguments} can mean, ready to read them. */
    static CommandLine commandLine(Session session, RootCommand root, List<String> arguments) {
        CommandLine commands = CommandTree.build(session, root, arguments);
        HelpPage.applyTo(commands);
        return commands.registerConverter(VolumeReference.class, VolumeReferences::convert)
                .setColorScheme(CommandLine.Help.defaultColorScheme(Ansi.OFF))
                .setExpandAtFiles(false)
                .setInterpolateVariables(false);
    }

    /** What is wrong with the command line, and where its help is; the help itself where only a word is missing. */
    private static int reportMisuse(ParameterException misuse, PrintWriter err) {
        CommandLine command = misuse.getCommandLine();
        if (isUnfinished(misuse)) {
            command.usage(err);
        } else {
            err.println("varve: " + Texts.lines(String.valueOf(misuse.getMessage())));
            UnmatchedArgumentException.printSuggestions(misuse, err);
            err.println("Try: " + command.getCommandSpec().qualifiedName(" ") + " --help");
        }
        err.flush();
        return ExitStatus.USAGE;
    }

    /** A noun without its verb, or nothing at all. */
    private static boolean isUnfinished(ParameterException misuse) {
        ParseResult parsed = misuse.getCommandLine().getParseResult();
        return misuse.getClass() == ParameterException.class
                && !misuse.getCommandLine().getSubcommands().isEmpty()
                && parsed != null
                && !parsed.hasSubcommand();
    }

    private static int reportFailure(Exception failure, RootCommand root, PrintWriter err) throws Exception {
        if (failure instanceof CommandFailure expected) {
            new ProblemReport(err, root.json).print(expected.problem());
            return expected.exitStatus();
        }
        throw failure;
    }

    private static int unwritable(PrintWriter err) {
        err.println("varve: cannot write to standard output");
        err.flush();
        return ExitStatus.FAILED;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(new OutputStreamWriter(stream, StandardCharsets.UTF_8), false);
    }
}
