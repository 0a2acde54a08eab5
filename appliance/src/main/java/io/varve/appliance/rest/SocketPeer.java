package io.varve.appliance.rest;

import io.netty.channel.epoll.EpollDomainSocketChannel;
import io.netty.channel.unix.PeerCredentials;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.net.impl.ConnectionBase;

import java.io.IOException;

/** Who is at the other end of a Unix socket, as the kernel tells (unix(7), SO_PEERCRED). */
final class SocketPeer {
    private SocketPeer() {}

    static String name(HttpServerRequest request) {
        if (request.connection() instanceof ConnectionBase connection
                && connection.channel() instanceof EpollDomainSocketChannel channel) {
            try {
                PeerCredentials peer = channel.peerCredentials();
                return "uid " + Integer.toUnsignedString(peer.uid());
            } catch (IOException gone) {
                return "the Unix socket";
            }
        }
        return "the Unix socket";
    }
}
