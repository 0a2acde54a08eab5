package io.varve.appliance.cli;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

import java.io.PrintWriter;
import java.util.List;

@Command(
        name = "help",
        description = "Explain a command, as --help does.",
        footer = {"varve help", "varve help snapshot", "varve help snapshot hold"})
final class HelpVerb implements Runnable {
    @Spec
    CommandSpec spec;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "A noun, or a noun and its verb. Default: varve.")
    List<String> names = List.of();

    @Override
    public void run() {
        CommandLine command = spec.root().commandLine();
        for (String name : names) {
            CommandLine below = command.getSubcommands().get(name);
            if (below == null) {
                throw new ParameterException(command, "there is no command '" + name + "'");
            }
            command = below;
        }
        PrintWriter out = spec.commandLine().getOut();
        command.usage(out);
        out.flush();
    }
}
