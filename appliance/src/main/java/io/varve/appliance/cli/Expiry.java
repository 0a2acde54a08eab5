package io.varve.appliance.cli;

import java.time.temporal.ChronoUnit;
import java.util.Optional;

/** When something ends: a time, or a while from now. */
final class Expiry {
    private final Session session;

    Expiry(Session session) {
        this.session = session;
    }

    Optional<String> choose(Optional<String> time, Optional<String> duration) {
        if (time.isPresent() && duration.isPresent()) {
            throw session.usage("--expires and --for exclude each other");
        }
        return time.or(() -> duration.map(this::fromNow));
    }

    private String fromNow(String duration) {
        try {
            return session.surroundings()
                    .clock()
                    .instant()
                    .plus(Times.duration(duration))
                    .truncatedTo(ChronoUnit.SECONDS)
                    .toString();
        } catch (IllegalArgumentException malformed) {
            throw session.usage("--for: " + malformed.getMessage());
        }
    }
}
