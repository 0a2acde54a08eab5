package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.access.Token;
import io.varve.access.TokenBook;
import io.varve.volume.StoreName;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.Response;

import java.io.InputStream;
import java.net.URI;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/** Tokens for calls over TCP. */
@Path("/api/v1/tokens")
@Needs(Role.ADMIN)
public class TokensResource {
    private final TokenBook tokens;

    @Inject
    public TokensResource(TokenBook tokens) {
        this.tokens = tokens;
    }

    /** @param token what lets in; present in the answer that makes it, and never again */
    record TokenView(
            String name,
            String role,
            List<String> stores,
            Instant created,
            Optional<Instant> expires,
            Optional<String> token) {
        static TokenView of(Token token, Optional<String> text) {
            return new TokenView(
                    token.name(), token.role().text(), token.stores(), token.created(), token.expires(), text);
        }
    }

    @GET
    public Page<TokenView> list(
            @QueryParam("limit") Optional<String> limit, @QueryParam("page") Optional<String> page) {
        return Page.of(tokens.all(), limit, page, token -> TokenView.of(token, Optional.empty()));
    }

    @POST
    public Response add(InputStream content) {
        Body body = Body.read(content, "name", "role", "stores", "expires");
        List<String> stores = body.texts("stores").stream()
                .map(store -> StoreName.of(store).value())
                .toList();
        TokenBook.Issued issued =
                tokens.add(body.text("name"), Role.parse(body.text("role")), body.time("expires"), stores);
        CacheControl secret = new CacheControl();
        secret.setNoStore(true);
        return Response.created(URI.create(
                        "/api/v1/tokens/" + Encoding.segment(issued.token().name())))
                .entity(TokenView.of(issued.token(), Optional.of(issued.text())))
                .cacheControl(secret)
                .build();
    }

    @DELETE
    @Path("/{token}")
    public void remove(@PathParam("token") String name) {
        tokens.remove(name);
    }
}
