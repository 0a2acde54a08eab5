package io.varve.appliance;

import io.varve.volume.Event;
import io.varve.volume.StoreName;
import io.varve.volume.Subject;
import org.junit.jupiter.api.Test;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Flow;

import static org.assertj.core.api.Assertions.assertThat;

class EventLogTest {
    private static final Instant START = Instant.parse("2026-03-05T12:00:00Z");
    private static final Subject STORE = Subject.of(StoreName.of("default"));

    private final EventLog log = new EventLog();

    /** A client that takes as many events as it asks for. */
    private static final class Client implements Flow.Subscriber<Event> {
        private final List<String> got = new ArrayList<>();
        private Optional<Flow.Subscription> subscription = Optional.empty();
        private boolean cut;

        void take(long count) {
            subscription.orElseThrow().request(count);
        }

        @Override
        public void onSubscribe(Flow.Subscription begun) {
            subscription = Optional.of(begun);
        }

        @Override
        public void onNext(Event event) {
            got.add(event.type());
        }

        @Override
        public void onError(Throwable failure) {
            cut = true;
        }

        @Override
        public void onComplete() {
            cut = true;
        }
    }

    private Client follow(Optional<Instant> since) {
        Client client = new Client();
        log.follow(since).subscribe().withSubscriber(client);
        return client;
    }

    private void happen(int number) {
        log.add(new Event(START.plusSeconds(number), Duration.ZERO, "event-" + number, STORE, Optional.empty(), ""));
    }

    @Test
    void whatHappensBetweenThePastAndTheFutureIsNotLeftOut() {
        happen(1);
        happen(2);
        Client client = follow(Optional.of(START.plusSeconds(1)));
        happen(3);
        client.take(1);
        happen(4);
        client.take(10);
        happen(5);

        assertThat(client.got).containsExactly("event-2", "event-3", "event-4", "event-5");
        assertThat(client.cut).isFalse();
    }

    @Test
    void whoDoesNotReadIsCutOffAndKeepsNobodyElse() {
        Client reader = follow(Optional.empty());
        reader.take(Long.MAX_VALUE);
        Client paused = follow(Optional.empty());
        for (int i = 0; i < 10_000; i++) {
            happen(i);
        }
        paused.take(Long.MAX_VALUE);

        assertThat(reader.got).hasSize(10_000);
        assertThat(reader.cut).isFalse();
        assertThat(paused.cut).isTrue();
        assertThat(paused.got).hasSizeLessThan(3_000);
    }
}
