package io.varve.appliance.rest;

import io.smallrye.mutiny.Multi;
import io.varve.appliance.EventLog;
import io.varve.volume.Event;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;
import org.jboss.resteasy.reactive.RestStreamElementType;

import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/** What happens, as server-sent events; with {@code since}, what happened lately first. */
@Path("/api/v1/events")
public class EventsResource {
    private final EventLog log;

    @Inject
    public EventsResource(EventLog log) {
        this.log = log;
    }

    record EventView(
            Instant time,
            String type,
            String store,
            Optional<String> volume,
            Optional<String> snapshot,
            String outcome,
            Optional<String> detail) {
        static EventView of(Event event) {
            return new EventView(
                    event.time(),
                    event.type(),
                    event.subject().store().value(),
                    event.subject().volume().map(Object::toString),
                    event.subject().snapshot().map(Object::toString),
                    event.failure().map(Enum::name).orElse("OK"),
                    Optional.of(event.detail()).filter(text -> !text.isEmpty()));
        }
    }

    @GET
    @Produces(MediaType.SERVER_SENT_EVENTS)
    @RestStreamElementType(MediaType.APPLICATION_JSON)
    public Multi<EventView> follow(@QueryParam("since") Optional<String> since) {
        return log.follow(since.map(EventsResource::time)).map(EventView::of);
    }

    private static Instant time(String text) {
        try {
            return Instant.parse(text);
        } catch (DateTimeException malformed) {
            throw Body.invalid("'since' is not an RFC 3339 time in UTC: '" + text + "'");
        }
    }
}
