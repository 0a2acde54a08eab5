package io.varve.appliance;

import io.smallrye.mutiny.Multi;
import io.smallrye.mutiny.subscription.MultiEmitter;
import io.varve.volume.Event;
import jakarta.inject.Singleton;
import org.jboss.logging.Logger;

import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The last events, in memory, and those to come; failures are logged too. */
@Singleton
public class EventLog {
    private static final Logger LOG = Logger.getLogger("io.varve.events");
    private static final int REMEMBERED = 1000;

    private final Deque<Event> recent = new ArrayDeque<>();
    private final List<MultiEmitter<? super Event>> followers = new CopyOnWriteArrayList<>();
    private final List<Consumer<Event>> listeners = new CopyOnWriteArrayList<>();

    /** Whom to tell of each event, in the thread that caused it and before its caller has an answer. */
    public void onEvent(Consumer<Event> listener) {
        listeners.add(listener);
    }

    public void add(Event event) {
        synchronized (recent) {
            recent.addLast(event);
            if (recent.size() > REMEMBERED) {
                recent.removeFirst();
            }
            followers.forEach(follower -> follower.emit(event));
        }
        event.failure()
                .ifPresent(code -> LOG.infof("%s of %s: %s %s", event.type(), event.subject(), code, event.detail()));
        listeners.forEach(listener -> tell(listener, event));
    }

    /** What was done stays done, whatever becomes of those who are told. */
    private static void tell(Consumer<Event> listener, Event event) {
        try {
            listener.accept(event);
        } catch (RuntimeException bug) {
            LOG.errorf(bug, "a listener failed at %s of %s", event.type(), event.subject());
        }
    }

    /**
     * What happened since then, as far as it is remembered, and what will; nothing in between is left out. Who does not
     * keep up is cut off once as many new events wait for him as are remembered: with {@code since} he can go on.
     */
    public Multi<Event> follow(Optional<Instant> since) {
        return Multi.createFrom().emitter(follower -> begin(follower, since), 2 * REMEMBERED);
    }

    private void begin(MultiEmitter<? super Event> follower, Optional<Instant> since) {
        follower.onTermination(() -> followers.remove(follower));
        synchronized (recent) {
            since.ifPresent(time ->
                    recent.stream().filter(event -> event.time().isAfter(time)).forEach(follower::emit));
            followers.add(follower);
        }
    }
}
