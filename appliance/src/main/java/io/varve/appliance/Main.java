package io.varve.appliance;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.varve.appliance.config.ConfigurationFault;
import io.varve.appliance.config.Settings;
import io.varve.appliance.config.SettingsLoader;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The one binary: {@code serve} is the appliance, everything else the command line that talks to it. */
@QuarkusMain
public final class Main {
    private static final int USAGE = 2;

    private Main() {}

    public static void main(String... arguments) {
        List<String> given = List.of(arguments);
        if (given.isEmpty() || !given.getFirst().equals("serve") || given.contains("--help")) {
            System.exit(CommandLineDoor.run(arguments, System.getenv()));
        }
        serve(configurationFile(given), System.getenv());
    }

    private static void serve(Optional<Path> file, Map<String, String> environment) {
        try {
            Settings settings = SettingsLoader.load(file, environment);
            new Preparation(settings).run();
            Settings.install(settings);
        } catch (ConfigurationFault fault) {
            System.err.println(fault.getMessage());
            System.exit(USAGE);
        }
        Quarkus.run(Daemon.class, Main::ended);
    }

    /** A failed start is a failure; an end that was asked for is none. */
    private static void ended(int status, Throwable failure) {
        System.exit(failure == null ? status : 1);
    }

    private static Optional<Path> configurationFile(List<String> arguments) {
        if (arguments.size() == 1) {
            return Optional.empty();
        }
        if (arguments.size() == 3 && arguments.get(1).equals("--config")) {
            return Optional.of(Path.of(arguments.get(2)).toAbsolutePath());
        }
        System.err.println("usage: varve serve [--config FILE]");
        System.exit(USAGE);
        return Optional.empty();
    }
}
