package io.varve.appliance.rest;

import io.varve.appliance.config.Settings;
import io.varve.spi.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import java.util.Map;
import java.util.Optional;

/** Who may call: over the Unix socket everybody whom its mode lets in, over TCP nobody without a token. */
public class Access {
    private final Settings settings;

    @Inject
    public Access(Settings settings) {
        this.settings = settings;
    }

    @ServerRequestFilter(preMatching = true)
    public Optional<Response> check(ContainerRequestContext context, HttpServerRequest request) {
        if (settings.authenticationOff() || request.localAddress().isDomainSocket()) {
            return Optional.empty();
        }
        String detail = "over TCP the API needs a bearer token; use the Unix socket on this host";
        String path = context.getUriInfo().getPath();
        return Optional.of(Problem.of(ErrorCode.UNAUTHENTICATED, 401, detail, path, Map.of()));
    }
}
