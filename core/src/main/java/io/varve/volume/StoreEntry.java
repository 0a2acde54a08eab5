package io.varve.volume;

import io.varve.spi.StorageException;

import java.util.Optional;

/** A store that the appliance has, open or, with the reason, not. */
public sealed interface StoreEntry {
    StoreDefinition definition();

    /** How it is, looked at now. */
    Condition condition();

    /** What people need to know of it; empty where all is well. */
    default Optional<String> problem() {
        return condition().problem();
    }

    /** How a store is. */
    enum State {
        OPEN,
        /** Open, but it cannot be worked with as it is. */
        DEGRADED,
        CLOSED
    }

    /** @param problem what people need to know; empty where all is well */
    record Condition(State state, Optional<String> problem) {}

    /** At work. */
    record Opened(StoreDefinition definition, Store store) implements StoreEntry {
        @Override
        public Condition condition() {
            Optional<String> problem = store.health().problem();
            return new Condition(problem.isPresent() ? State.DEGRADED : State.OPEN, problem);
        }
    }

    /** Could not be opened; it is tried again now and then. */
    record Closed(StoreDefinition definition, StorageException reason) implements StoreEntry {
        @Override
        public Condition condition() {
            return new Condition(State.CLOSED, Optional.of(String.valueOf(reason.getMessage())));
        }
    }
}
