package io.varve.appliance;

import io.quarkus.runtime.Quarkus;
import io.quarkus.runtime.QuarkusApplication;
import io.varve.appliance.config.Settings;
import io.varve.linux.Signals;
import jakarta.inject.Inject;
import org.jboss.logging.Logger;

/** Runs until it is told to stop; TERM and INT end it in good order with status 0. */
public final class Daemon implements QuarkusApplication {
    private static final Logger LOG = Logger.getLogger(Daemon.class);

    private final Settings settings;
    private final SocketFile socket;

    @Inject
    public Daemon(Settings settings) {
        this.settings = settings;
        this.socket = new SocketFile(settings.socket());
    }

    @Override
    public int run(String... arguments) {
        socket.guard();
        Signals.onTermination(() -> Quarkus.asyncExit(0));
        LOG.infof(
                "varve is ready on %s and http://%s:%d%s",
                settings.socket(),
                settings.httpHost(),
                settings.httpPort(),
                settings.authenticationOff() ? " (WITHOUT authentication)" : "");
        Quarkus.waitForExit();
        return 0;
    }
}
