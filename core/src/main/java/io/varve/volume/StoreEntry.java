package io.varve.volume;

import io.varve.spi.StorageException;

import java.util.Optional;

/** A store that the appliance has, open or, with the reason, not. */
public sealed interface StoreEntry {
    StoreDefinition definition();

    /** What people need to know of it; empty where all is well. */
    Optional<String> problem();

    /** At work. */
    record Opened(StoreDefinition definition, Store store) implements StoreEntry {
        @Override
        public Optional<String> problem() {
            return store.health().problem();
        }
    }

    /** Could not be opened; it is tried again now and then. */
    record Closed(StoreDefinition definition, StorageException reason) implements StoreEntry {
        @Override
        public Optional<String> problem() {
            return Optional.of(String.valueOf(reason.getMessage()));
        }
    }
}
