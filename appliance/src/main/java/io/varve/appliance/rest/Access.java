package io.varve.appliance.rest;

import io.varve.access.Caller;
import io.varve.access.Guesses;
import io.varve.access.TokenBook;
import io.varve.appliance.config.Settings;
import io.varve.spi.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import jakarta.inject.Inject;
import jakarta.ws.rs.container.ContainerRequestContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Who calls: over the Unix socket whomever its mode lets in, over TCP who has a token. */
public class Access {
    static final String CALLER = "varve.caller";
    private static final String SCHEME = "bearer ";

    private final Settings settings;
    private final TokenBook tokens;
    private final Guesses guesses;

    @Inject
    public Access(Settings settings, TokenBook tokens, Guesses guesses) {
        this.settings = settings;
        this.tokens = tokens;
        this.guesses = guesses;
    }

    @ServerRequestFilter(preMatching = true)
    public Optional<Response> check(ContainerRequestContext context, HttpServerRequest request) {
        Optional<Caller> caller = caller(context, request);
        caller.ifPresent(known -> context.setProperty(CALLER, known));
        return caller.isPresent() ? Optional.empty() : Optional.of(refusal(context, request));
    }

    private Optional<Caller> caller(ContainerRequestContext context, HttpServerRequest request) {
        if (request.localAddress().isDomainSocket()) {
            return Optional.of(Caller.trusted(SocketPeer.name(request)));
        }
        if (settings.authenticationOff()) {
            return Optional.of(Caller.trusted("anybody"));
        }
        return bearer(context).flatMap(tokens::authenticate);
    }

    private static Optional<String> bearer(ContainerRequestContext context) {
        return Optional.ofNullable(context.getHeaderString(HttpHeaders.AUTHORIZATION))
                .filter(header -> header.toLowerCase(Locale.ROOT).startsWith(SCHEME))
                .map(header -> header.substring(SCHEME.length()).strip());
    }

    /** A right token lets in however many wrong ones came before. */
    private Response refusal(ContainerRequestContext context, HttpServerRequest request) {
        String path = context.getUriInfo().getPath();
        if (bearer(context).isEmpty()) {
            return unauthenticated("over TCP the API needs a bearer token; use the Unix socket on this host", path);
        }
        if (guesses.failed(request.remoteAddress().hostAddress())) {
            return Response.fromResponse(Problem.of(
                            ErrorCode.TOO_MANY_REQUESTS, 429, "too many wrong tokens from this host", path, Map.of()))
                    .header(HttpHeaders.RETRY_AFTER, Guesses.WINDOW.toSeconds())
                    .build();
        }
        return unauthenticated("the token is unknown or has expired", path);
    }

    private static Response unauthenticated(String detail, String path) {
        return Response.fromResponse(Problem.of(ErrorCode.UNAUTHENTICATED, 401, detail, path, Map.of()))
                .header(HttpHeaders.WWW_AUTHENTICATE, "Bearer")
                .build();
    }
}
