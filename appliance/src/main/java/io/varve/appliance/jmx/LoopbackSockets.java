package io.varve.appliance.jmx;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.rmi.server.RMIServerSocketFactory;

/**
 * Sockets on loopback alone. An RMI registry lets whoever is on its own host put another object under a name, and that
 * one would be given the passwords: therefore every client appears to come from an address that no host has (RFC 5737).
 */
record LoopbackSockets() implements RMIServerSocketFactory {
    private static final int BACKLOG = 50;

    @Override
    public ServerSocket createServerSocket(int port) throws IOException {
        return new Listening(port);
    }

    private static final class Listening extends ServerSocket {
        Listening(int port) throws IOException {
            super(port, BACKLOG, InetAddress.getLoopbackAddress());
        }

        @Override
        public Socket accept() throws IOException {
            Socket client = new FromElsewhere();
            implAccept(client);
            return client;
        }
    }

    private static final class FromElsewhere extends Socket {
        private static final byte[] NOBODY = {(byte) 192, 0, 2, 1};

        @Override
        public InetAddress getInetAddress() {
            try {
                return InetAddress.getByAddress(NOBODY);
            } catch (IOException impossible) {
                throw new IllegalStateException(impossible);
            }
        }
    }
}
