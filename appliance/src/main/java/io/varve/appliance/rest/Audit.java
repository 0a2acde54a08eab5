package io.varve.appliance.rest;

import io.varve.access.AuditLog;
import io.varve.access.Caller;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.container.ContainerResponseContext;
import org.jboss.resteasy.reactive.server.ServerResponseFilter;

import java.util.Map;
import java.util.Set;

/** Writes down who changed what, and who was not let do something. */
public class Audit {
    private static final Set<String> READING = Set.of("GET", "HEAD", "OPTIONS");
    private static final Set<Integer> NOT_LET = Set.of(401, 403, 429);

    private final AuditLog log;

    @Inject
    public Audit(AuditLog log) {
        this.log = log;
    }

    @ServerResponseFilter
    public void write(ContainerRequestContext request, ContainerResponseContext response, HttpServerRequest transport) {
        if (READING.contains(request.getMethod()) && !NOT_LET.contains(response.getStatus())) {
            return;
        }
        String who = request.getProperty(Access.CALLER) instanceof Caller caller
                ? caller.name()
                : "somebody at " + transport.remoteAddress().hostAddress();
        log.record(
                who,
                transport.localAddress().isDomainSocket() ? "socket" : "tcp",
                request.getMethod() + " " + request.getUriInfo().getPath(),
                outcome(response));
    }

    private static String outcome(ContainerResponseContext response) {
        if (response.getEntity() instanceof Map<?, ?> problem && problem.get("code") instanceof String code) {
            return code;
        }
        return response.getStatus() < 400 ? "OK" : "HTTP_" + response.getStatus();
    }
}
