package io.varve.appliance.cli;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.Callable;

@Command(
        name = "serve",
        description = "Run the appliance itself, until it is told to stop (SIGTERM).",
        footer = {"varve serve", "varve serve --config /etc/varve/varve.yaml"})
final class ServeCommand implements Callable<Integer> {
    private final Session session;

    @Option(names = "--config", paramLabel = "FILE", description = "The configuration. Default: /etc/varve/varve.yaml.")
    Optional<Path> configuration;

    ServeCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        return session.host().serve(configuration);
    }
}
