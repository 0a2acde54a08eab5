package io.varve.appliance.cli;

import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

@Command(
        name = "completion",
        description = "Print a script that completes nouns, verbs and options in a shell.",
        footer = {
            "varve completion bash > /etc/bash_completion.d/varve",
            "source <(varve completion zsh)",
            "varve completion fish > ~/.config/fish/completions/varve.fish"
        })
final class CompletionCommand implements Runnable {
    /** A shell this program can write a script for. */
    enum Shell {
        bash,
        zsh,
        fish
    }

    private final Session session;

    @Spec
    CommandSpec spec;

    @Parameters(index = "0", paramLabel = "SHELL", description = "bash, zsh or fish.")
    Shell shell;

    CompletionCommand(Session session) {
        this.session = session;
    }

    @Override
    public void run() {
        CommandLine root = spec.root().commandLine();
        session.output()
                .out()
                .print(
                        switch (shell) {
                            case bash -> AutoComplete.bash("varve", root);
                            case zsh -> AutoComplete.bash("varve", root);
                            case fish -> new FishCompletion().script(root);
                        });
    }
}
