package io.varve.appliance.cli;

import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.SSLSocketFactory;

/** Makes connections to the appliance, and tells "no connection" from every later failure. */
final class Connector {
    private static final int TIMEOUT_MILLIS = 10_000;

    private Connector() {}

    static Socket connect(Target target) throws UnreachableException {
        try {
            return switch (target) {
                case Target.Socket socket -> connected(new UnixSocket(socket.path()), new InetSocketAddress(0));
                case Target.Address address -> connect(address);
            };
        } catch (IOException failure) {
            throw new UnreachableException(failure);
        }
    }

    private static Socket connect(Target.Address address) throws IOException {
        InetSocketAddress peer = new InetSocketAddress(address.url().getHost(), address.port());
        Socket plain = connected(new Socket(), peer);
        plain.setTcpNoDelay(true);
        plain.setKeepAlive(true);
        return address.secure() ? secured(plain, peer) : plain;
    }

    private static Socket connected(Socket socket, InetSocketAddress peer) throws IOException {
        try {
            socket.connect(peer, TIMEOUT_MILLIS);
            return socket;
        } catch (IOException failure) {
            socket.close();
            throw failure;
        }
    }

    /** The certificate must be one that this host trusts, and for the name that was asked for. */
    private static Socket secured(Socket plain, InetSocketAddress peer) throws IOException {
        SSLSocketFactory factory = (SSLSocketFactory) SSLSocketFactory.getDefault();
        SSLSocket secured = (SSLSocket) factory.createSocket(plain, peer.getHostString(), peer.getPort(), true);
        try {
            SSLParameters parameters = secured.getSSLParameters();
            parameters.setEndpointIdentificationAlgorithm("HTTPS");
            secured.setSSLParameters(parameters);
            secured.setSoTimeout(TIMEOUT_MILLIS);
            secured.startHandshake();
            return secured;
        } catch (IOException failure) {
            secured.close();
            throw failure;
        }
    }
}
