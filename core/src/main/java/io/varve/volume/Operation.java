package io.varve.volume;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.time.Instant;
import java.util.Optional;

/** A piece of work, running or done: what it is about, how far it is, how it ended. Thread-safe. */
public final class Operation implements Work {
    private final String id;
    private final String type;
    private final Subject subject;
    private final Instant started;
    private volatile boolean cancelled;
    private volatile Progress progress = new Progress(0, 0, "");
    private volatile Outcome outcome = new Outcome(State.RUNNING, Optional.empty(), Optional.empty(), "");

    /** How an operation stands. */
    public enum State {
        RUNNING,
        SUCCEEDED,
        FAILED,
        CANCELLED
    }

    /** How far the work is; {@code total} is 0 where unknown. */
    public record Progress(long done, long total, String unit) {}

    /** How the work ended; {@code detail} is for people. */
    public record Outcome(State state, Optional<Instant> ended, Optional<ErrorCode> failure, String detail) {}

    Operation(String id, String type, Subject subject, Instant started) {
        this.id = id;
        this.type = type;
        this.subject = subject;
        this.started = started;
    }

    public String id() {
        return id;
    }

    public String type() {
        return type;
    }

    /** For people who wait for it. */
    String name() {
        return type + " (operation " + id + ")";
    }

    public Subject subject() {
        return subject;
    }

    public Instant started() {
        return started;
    }

    public Progress progress() {
        return progress;
    }

    public Outcome outcome() {
        return outcome;
    }

    @Override
    public void progress(long done, long total, String unit) {
        progress = new Progress(done, total, unit);
    }

    @Override
    public boolean cancelled() {
        return cancelled;
    }

    void cancel() {
        cancelled = true;
    }

    void succeeded(Instant now) {
        outcome = new Outcome(State.SUCCEEDED, Optional.of(now), Optional.empty(), "");
    }

    void failed(Instant now, StorageException failure) {
        State state = failure.code() == ErrorCode.CANCELLED ? State.CANCELLED : State.FAILED;
        outcome =
                new Outcome(state, Optional.of(now), Optional.of(failure.code()), String.valueOf(failure.getMessage()));
    }
}
