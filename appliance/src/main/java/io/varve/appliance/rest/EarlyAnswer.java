package io.varve.appliance.rest;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpVersion;
import io.vertx.ext.web.RoutingContext;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerResponseContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

/**
 * A request that is refused before all of its body has come. The answer goes out at once and says that the connection
 * ends, so that nobody sends the rest of an archive that is not wanted (RFC 9112, section 9.6).
 */
public class EarlyAnswer {
    /**
     * For so long what still comes is read and dropped: a connection closed over unread bytes may lose the answer, and
     * simple clients look for one only when they have sent everything.
     */
    private static final long LINGER_MILLIS = 30_000;

    private final RoutingContext exchange;

    @Inject
    public EarlyAnswer(RoutingContext exchange) {
        this.exchange = exchange;
    }

    @ServerResponseFilter
    public void endConnection(ContainerResponseContext answer) {
        boolean refused = answer.getStatusInfo().getFamily() != Response.Status.Family.SUCCESSFUL;
        if (refused && isComing(exchange.request())) {
            answer.getHeaders().putSingle("Connection", "close");
            exchange.addEndHandler(sent -> linger());
        }
    }

    /** Whether there is a body of which not all has come; in HTTP/2 the end of the answer ends its stream alone. */
    private static boolean isComing(HttpServerRequest request) {
        MultiMap headers = request.headers();
        boolean hasBody = headers.contains(HttpHeaders.CONTENT_LENGTH) || headers.contains("Transfer-Encoding");
        return hasBody && !request.isEnded() && request.version() != HttpVersion.HTTP_2;
    }

    private void linger() {
        HttpServerRequest request = exchange.request();
        request.handler(dropped -> {});
        request.resume();
        exchange.vertx().setTimer(LINGER_MILLIS, over -> request.connection().close());
    }
}
