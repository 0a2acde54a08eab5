package io.varve.catalog;

import io.varve.spi.Names;

import java.time.Instant;
import java.util.Optional;

/**
 * A lease that protects a snapshot from deletion.
 *
 * @param owner who holds; one hold an owner and snapshot
 * @param expires from then on it protects nothing; empty is for ever
 */
public record Hold(String owner, String reason, Instant since, Optional<Instant> expires) {
    public Hold {
        Names.check("hold owner", owner);
    }

    public boolean activeAt(Instant now) {
        return expires.isEmpty() || expires.get().isAfter(now);
    }
}
