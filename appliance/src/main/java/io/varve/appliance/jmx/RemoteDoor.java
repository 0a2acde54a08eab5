package io.varve.appliance.jmx;

import io.quarkus.runtime.Startup;
import io.varve.appliance.config.JmxAccounts;
import io.varve.appliance.config.JmxSettings;
import io.varve.appliance.config.Settings;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Optional;

/** Opens the JMX door to other processes, where a port is configured. */
@Startup
@Singleton
public class RemoteDoor {
    private static final Logger LOG = Logger.getLogger(RemoteDoor.class);

    private final Settings settings;
    private Optional<RemoteServer> server = Optional.empty();

    @Inject
    public RemoteDoor(Settings settings) {
        this.settings = settings;
    }

    @PostConstruct
    void begin() {
        server = settings.jmx().map(this::open);
    }

    private RemoteServer open(JmxSettings jmx) {
        try {
            Optional<JmxAccounts> accounts = accounts(jmx);
            RemoteServer opened = RemoteServer.open(jmx.port(), accounts);
            LOG.infof(
                    "JMX is ready on localhost:%d%s",
                    jmx.port(),
                    accounts.map(files -> ", passwords in " + files.passwords()).orElse(" (WITHOUT authentication)"));
            return opened;
        } catch (IOException failure) {
            throw new IllegalStateException(
                    "the JMX port " + jmx.port() + " cannot be opened: " + failure.getMessage(), failure);
        }
    }

    private Optional<JmxAccounts> accounts(JmxSettings jmx) throws IOException {
        Path state = settings.stateDirectory();
        if (jmx.passwordFile().isPresent()) {
            return Optional.of(JmxAccounts.with(jmx.passwordFile().get(), state));
        }
        return settings.authenticationOff() ? Optional.empty() : Optional.of(JmxAccounts.in(state));
    }

    @PreDestroy
    void end() {
        try {
            if (server.isPresent()) {
                server.get().close();
            }
        } catch (IOException failure) {
            LOG.warnf("the JMX port was not closed in good order: %s", failure.getMessage());
        }
    }
}
