package io.varve.appliance;

import io.varve.volume.Event;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** The last events, in memory; failures and changes are logged too. */
@Singleton
public class EventLog {
    private static final Logger LOG = Logger.getLogger("io.varve.events");
    private static final int REMEMBERED = 1000;

    private final Deque<Event> recent = new ArrayDeque<>();

    public void add(Event event) {
        synchronized (recent) {
            recent.addLast(event);
            if (recent.size() > REMEMBERED) {
                recent.removeFirst();
            }
        }
        if (event.failure().isPresent()) {
            LOG.infof(
                    "%s %s: %s %s",
                    event.type(), event.subject(), event.failure().get(), event.detail());
        } else {
            LOG.debugf("%s %s", event.type(), event.subject());
        }
    }

    public List<Event> recent() {
        synchronized (recent) {
            return List.copyOf(recent);
        }
    }
}
