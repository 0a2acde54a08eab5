package io.varve.registry;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.util.Optional;
import java.util.UUID;

/** What whoever opens a root knows of the store there. */
public sealed interface Expectation {
    /** @throws StorageException {@code BAD_MOUNT} where the root is not what was expected */
    void check(StoreLayout layout) throws IOException;

    /** Nothing: where there is no store yet, one is made. */
    static Expectation anything() {
        return new Anything();
    }

    /**
     * That store and no other: it was open before, so nothing is made where it is not found.
     *
     * @param id what its flag file said; empty where that is not known
     */
    static Expectation known(Optional<UUID> id) {
        return new Known(id);
    }

    /** See {@link #anything}. */
    record Anything() implements Expectation {
        @Override
        public void check(StoreLayout layout) {}
    }

    /** See {@link #known}. */
    record Known(Optional<UUID> id) implements Expectation {
        @Override
        public void check(StoreLayout layout) throws IOException {
            FlagFile flag = new FlagFile(layout);
            if (!flag.exists()) {
                throw refusal("the store that was at '" + layout.root() + "' is not there: its flag file '"
                        + layout.flagFile()
                        + "' is missing. Mount its filesystem; the store is opened as soon as it is there");
            }
            Optional<UUID> found = flag.id();
            if (id.isPresent() && !found.equals(id)) {
                throw refusal("at '" + layout.root() + "' is another store ("
                        + found.map(UUID::toString).orElse("without an id") + ") than the one that was there ("
                        + id.get() + "). Mount the filesystem that holds the right one");
            }
        }

        private static StorageException refusal(String reason) {
            return new StorageException(ErrorCode.BAD_MOUNT, reason);
        }
    }
}
