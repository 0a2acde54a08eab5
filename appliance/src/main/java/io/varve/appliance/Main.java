package io.varve.appliance;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.annotations.QuarkusMain;
import io.varve.appliance.cli.CommandLineInterface;
import io.varve.appliance.cli.HostActions;
import io.varve.appliance.config.ConfigurationFault;
import io.varve.appliance.config.Settings;
import io.varve.appliance.config.SettingsLoader;
import io.varve.linux.SystemCallCheck;
import org.jspecify.annotations.Nullable;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/** The one binary: {@code serve} is the appliance, everything else the command line that talks to it. */
@QuarkusMain
public final class Main {
    private static final int FAILED = 1;

    private Main() {}

    public static void main(String... arguments) {
        System.exit(CommandLineInterface.run(
                arguments, System.out, System.err, System.in, System.getenv(), new ThisHost()));
    }

    private static final class ThisHost implements HostActions {
        @Override
        public int serve(Optional<Path> configuration) {
            return Main.serve(configuration);
        }

        @Override
        public List<SystemCall> systemCalls() {
            return SystemCallCheck.run().stream()
                    .map(call -> new SystemCall(call.name(), call.answer()))
                    .toList();
        }
    }

    private static int serve(Optional<Path> file) {
        try {
            Settings settings = SettingsLoader.load(file, System.getenv());
            new Preparation(settings).run();
            Settings.install(settings);
        } catch (ConfigurationFault fault) {
            System.err.println(fault.getMessage());
            return FAILED;
        }
        Quarkus.run(Daemon.class, Main::ended);
        return 0;
    }

    /** A failed start is a failure; an end that was asked for is none. */
    private static void ended(int status, @Nullable Throwable failure) {
        if (failure != null) {
            Throwable cause = failure;
            while (cause.getCause() != null) {
                cause = cause.getCause();
            }
            System.err.println("varve: cannot start: " + cause);
        }
        System.exit(failure == null ? status : FAILED);
    }
}
