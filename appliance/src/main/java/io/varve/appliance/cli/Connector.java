package io.varve.appliance.cli;

import org.apache.hc.client5.http.impl.io.DefaultHttpClientConnectionOperator;
import org.apache.hc.client5.http.io.DetachedSocketFactory;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.client5.http.ssl.DefaultClientTlsStrategy;
import org.apache.hc.client5.http.ssl.TlsSocketStrategy;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.config.Lookup;
import org.apache.hc.core5.http.config.RegistryBuilder;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.net.NamedEndpoint;
import org.apache.hc.core5.util.Timeout;
import org.jspecify.annotations.Nullable;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.Socket;
import java.nio.file.Path;

/**
 * Makes the connections of the HTTP client, and tells "no connection" from every later failure.
 *
 * <p>The client has a Unix socket of its own (RequestConfig.setUnixDomainSocket, 5.6). It is not used: it gives up where
 * the appliance reads nothing for a minute, loses an answer given while a body is still being sent, and needs
 * reflection and a connection pool.
 */
final class Connector extends DefaultHttpClientConnectionOperator {
    private Connector(DetachedSocketFactory sockets, Lookup<TlsSocketStrategy> tls) {
        super(sockets, null, null, tls);
    }

    static Connector to(Target target) {
        return switch (target) {
            case Target.Socket socket -> new Connector(unixSockets(socket.path()), plain());
            case Target.Address address -> new Connector(tcpSockets(), address.secure() ? secure() : plain());
        };
    }

    @Override
    public void connect(
            ManagedHttpClientConnection connection,
            HttpHost host,
            @Nullable NamedEndpoint name,
            @Nullable Path unixSocket,
            @Nullable InetSocketAddress local,
            @Nullable Timeout timeout,
            SocketConfig config,
            @Nullable Object attachment,
            HttpContext context)
            throws IOException {
        try {
            super.connect(connection, host, name, unixSocket, local, timeout, config, attachment, context);
        } catch (IOException failure) {
            throw new UnreachableException(failure);
        }
    }

    private static DetachedSocketFactory unixSockets(Path path) {
        return new DetachedSocketFactory() {
            @Override
            public Socket create(@Nullable Proxy proxy) throws IOException {
                return new UnixSocket(path);
            }
        };
    }

    private static DetachedSocketFactory tcpSockets() {
        return new DetachedSocketFactory() {
            @Override
            public Socket create(@Nullable Proxy proxy) {
                return new Socket();
            }
        };
    }

    private static Lookup<TlsSocketStrategy> plain() {
        return RegistryBuilder.<TlsSocketStrategy>create().build();
    }

    private static Lookup<TlsSocketStrategy> secure() {
        return RegistryBuilder.<TlsSocketStrategy>create()
                .register("https", DefaultClientTlsStrategy.createSystemDefault())
                .build();
    }
}
