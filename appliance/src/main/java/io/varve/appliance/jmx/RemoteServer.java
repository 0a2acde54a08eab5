package io.varve.appliance.jmx;

import io.varve.appliance.config.JmxAccounts;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.rmi.registry.LocateRegistry;
import java.rmi.registry.Registry;
import java.rmi.server.UnicastRemoteObject;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import javax.management.remote.JMXConnectorServer;
import javax.management.remote.JMXServiceURL;
import javax.management.remote.rmi.RMIConnectorServer;
import javax.management.remote.rmi.RMIJRMPServerImpl;

/**
 * Serves JMX clients at {@code service:jmx:rmi:///jndi/rmi://127.0.0.1:PORT/jmxrmi}, for JConsole {@code localhost:PORT}.
 * Registry and server share the port.
 */
final class RemoteServer implements AutoCloseable {
    private static final String NAME = "jmxrmi";

    private final Registry registry;
    private final JMXConnectorServer connector;

    private RemoteServer(Registry registry, JMXConnectorServer connector) {
        this.registry = registry;
        this.connector = connector;
    }

    /** @param accounts who may come in; empty lets everybody in */
    static RemoteServer open(int port, Optional<JmxAccounts> accounts) throws IOException {
        String host = InetAddress.getLoopbackAddress().getHostAddress();
        // Stubs carry the address that clients come back to; otherwise it is whatever the host's name resolves to.
        System.setProperty("java.rmi.server.hostname", host);
        LoopbackSockets sockets = new LoopbackSockets();
        Registry registry = LocateRegistry.createRegistry(port, null, sockets);
        Map<String, Object> environment = environment(accounts);
        RMIJRMPServerImpl server = new RMIJRMPServerImpl(port, null, sockets, environment);
        RMIConnectorServer connector = new RMIConnectorServer(
                new JMXServiceURL("rmi", host, port), environment, server, ManagementFactory.getPlatformMBeanServer());
        connector.start();
        registry.rebind(NAME, server.toStub());
        return new RemoteServer(registry, connector);
    }

    /** The keys are those of the JDK's own agent (Java Management Guide, "Out-of-the-Box Management"). */
    private static Map<String, Object> environment(Optional<JmxAccounts> accounts) {
        Map<String, Object> environment = new HashMap<>();
        // Whoever is not known yet can send nothing but a name and a password.
        environment.put(RMIConnectorServer.CREDENTIALS_FILTER_PATTERN, "java.lang.String;!*");
        accounts.ifPresent(files -> {
            environment.put("jmx.remote.x.password.file", files.passwords().toString());
            environment.put("jmx.remote.x.password.toHashes", "false");
            environment.put("jmx.remote.x.access.file", files.access().toString());
        });
        return environment;
    }

    @Override
    public void close() throws IOException {
        connector.stop();
        UnicastRemoteObject.unexportObject(registry, true);
    }
}
