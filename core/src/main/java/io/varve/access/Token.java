package io.varve.access;

import io.varve.spi.Names;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What is known of a bearer token; the secret is not.
 *
 * @param name whose it is; one token a name
 * @param expires from then on it lets nobody in; empty is never
 * @param stores the names of the stores it is for; empty is all
 */
public record Token(String name, Role role, Instant created, Optional<Instant> expires, List<String> stores) {
    public Token {
        Names.check("token name", name);
        stores = List.copyOf(stores);
    }

    boolean validAt(Instant now) {
        return expires.isEmpty() || expires.get().isAfter(now);
    }
}
