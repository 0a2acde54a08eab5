package io.varve.retention;

import io.varve.spi.StorageException;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/** Everything found wrong with one policy, to be reported together. */
final class Faults {
    private final List<String> found = new ArrayList<>();

    void add(String place, String problem) {
        found.add(place.isEmpty() ? problem : place + ": " + problem);
    }

    boolean any() {
        return !found.isEmpty();
    }

    /** What {@code making} makes; a refusal is noted for {@code place}. */
    <T> Optional<T> note(String place, Supplier<T> making) {
        try {
            return Optional.of(making.get());
        } catch (StorageException refused) {
            add(place, refused.getMessage() == null ? refused.code().name() : refused.getMessage());
            return Optional.empty();
        }
    }

    /** Ends in one refusal that names every fault; does nothing where there is none. */
    void raise(String what) {
        if (!found.isEmpty()) {
            throw Refusal.invalid(what
                    + (found.size() == 1 ? " has a fault: " : " has " + found.size() + " faults: ")
                    + String.join("; ", found));
        }
    }
}
