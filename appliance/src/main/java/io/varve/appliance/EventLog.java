package io.varve.appliance;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.operators.multi.processors.BroadcastProcessor;
import io.varve.volume.Event;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The last events, in memory, and those to come; failures are logged too. */
@Singleton
public class EventLog {
    private static final Logger LOG = Logger.getLogger("io.varve.events");
    private static final int REMEMBERED = 1000;

    private final Deque<Event> recent = new ArrayDeque<>();
    private final BroadcastProcessor<Event> coming = BroadcastProcessor.create();

    public void add(Event event) {
        synchronized (recent) {
            recent.addLast(event);
            if (recent.size() > REMEMBERED) {
                recent.removeFirst();
            }
            coming.onNext(event);
        }
        event.failure()
                .ifPresent(code -> LOG.infof("%s of %s: %s %s", event.type(), event.subject(), code, event.detail()));
    }

    /** What happened since then, as far as it is remembered, and what will. */
    public Multi<Event> follow(Optional<Instant> since) {
        synchronized (recent) {
            List<Event> past = since.stream()
                    .flatMap(
                            time -> recent.stream().filter(event -> event.time().isAfter(time)))
                    .toList();
            Multi<Event> future = coming.onOverflow().bufferUnconditionally();
            return Multi.createBy().concatenating().streams(Multi.createFrom().iterable(past), future);
        }
    }
}
