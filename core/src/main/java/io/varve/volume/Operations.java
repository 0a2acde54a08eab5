package io.varve.volume;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The work of one appliance: what runs and what ran lately. Thread-safe. */
public final class Operations {
    private static final System.Logger LOG = System.getLogger(Operations.class.getName());
    private static final int REMEMBERED = 500;

    private final Clock clock;
    private final Consumer<Event> events;
    private final AtomicLong sequence = new AtomicLong();
    private final String run;
    private final Map<String, Operation> running = new ConcurrentHashMap<>();
    private final Deque<Operation> recent = new ArrayDeque<>();

    /** @param events is told of everything that ends, in the thread that did it */
    public Operations(Clock clock, Consumer<Event> events) {
        this.clock = clock;
        this.events = events;
        this.run = Long.toString(clock.millis(), Character.MAX_RADIX);
    }

    /** Does the work here and now, and keeps account of it. */
    public <T> T run(String type, Subject subject, Function<Operation, T> work) {
        String id = run + "-" + sequence.incrementAndGet();
        Operation operation = new Operation(id, type, subject, clock.instant());
        running.put(id, operation);
        try {
            T result = work.apply(operation);
            operation.succeeded(clock.instant());
            return result;
        } catch (StorageException failure) {
            StorageException named = named(failure, subject);
            operation.failed(clock.instant(), named);
            throw named;
        } catch (RuntimeException | Error bug) {
            LOG.log(System.Logger.Level.ERROR, type + " of " + subject + " failed unexpectedly", bug);
            operation.failed(
                    clock.instant(), new StorageException(ErrorCode.IO_FAILED, "internal error; the log has it", bug));
            throw bug;
        } finally {
            finish(operation);
        }
    }

    private static StorageException named(StorageException failure, Subject subject) {
        StorageException named = failure.with("store", subject.store());
        named = subject.volume().isPresent()
                ? named.with("volume", subject.volume().get())
                : named;
        return subject.snapshot().isPresent()
                ? named.with("snapshot", subject.snapshot().get())
                : named;
    }

    /** At no instant is it neither here nor there. */
    private void finish(Operation operation) {
        synchronized (recent) {
            recent.addFirst(operation);
            while (recent.size() > REMEMBERED) {
                recent.removeLast();
            }
        }
        running.remove(operation.id());
        Operation.Outcome outcome = operation.outcome();
        Instant ended = outcome.ended().orElseGet(clock::instant);
        Duration took = Duration.between(operation.started(), ended);
        events.accept(
                new Event(ended, took, operation.type(), operation.subject(), outcome.failure(), outcome.detail()));
    }

    /** Running ones, then the last {@value #REMEMBERED} that ended, newest first. */
    public List<Operation> list() {
        List<Operation> all = new ArrayList<>(running.values());
        all.sort(Comparator.comparing(Operation::started).reversed());
        Set<String> ids = all.stream().map(Operation::id).collect(Collectors.toSet());
        synchronized (recent) {
            recent.stream().filter(operation -> !ids.contains(operation.id())).forEach(all::add);
        }
        return all;
    }

    public Optional<Operation> find(String id) {
        return list().stream().filter(operation -> operation.id().equals(id)).findFirst();
    }

    /** Asks a running operation to stop; it does so at its next look. False where none of that id runs. */
    public boolean cancel(String id) {
        Operation operation = running.get(id);
        if (operation != null) {
            operation.cancel();
        }
        return operation != null;
    }

    /** Asks everything that runs to stop. */
    public void cancelAll() {
        running.values().forEach(Operation::cancel);
    }
}
