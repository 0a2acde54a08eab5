package io.varve.status;

import io.varve.spi.StorageException;

import java.util.Collections;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The statuses of several stores, by their names.
 *
 * @param stores those that could be asked
 * @param failures why the others could not; a store is in exactly one of the two
 */
public record Statuses(SortedMap<String, StoreStatus> stores, SortedMap<String, String> failures) {
    public Statuses {
        stores = Collections.unmodifiableSortedMap(new TreeMap<>(stores));
        failures = Collections.unmodifiableSortedMap(new TreeMap<>(failures));
    }

    /** Asks every store; one that fails keeps no other from being asked. */
    public static Statuses collect(Map<String, Supplier<StoreStatus>> sources) {
        SortedMap<String, StoreStatus> stores = new TreeMap<>();
        SortedMap<String, String> failures = new TreeMap<>();
        sources.forEach((name, source) -> {
            try {
                stores.put(name, source.get());
            } catch (StorageException failure) {
                failures.put(name, failure.code() + ": " + failure.getMessage());
            }
        });
        return new Statuses(stores, failures);
    }

    /**
     * The form for people: each store by its name, with its status as {@link StatusText} lays it out or why it has none,
     * an empty line between them.
     */
    public String text() {
        SortedSet<String> names = new TreeSet<>(stores.keySet());
        names.addAll(failures.keySet());
        return names.stream().map(this::text).collect(Collectors.joining("\n"));
    }

    private String text(String name) {
        StringBuilder text = new StringBuilder();
        StatusText.fact("Store", name, text);
        Optional.ofNullable(failures.get(name)).ifPresent(failure -> StatusText.fact("Error", failure, text));
        Optional.ofNullable(stores.get(name)).ifPresent(store -> text.append(store.text()));
        return text.toString();
    }

    /** Those whose volumes are thin devices of a pool. */
    public SortedMap<String, StoreStatus> thinPools() {
        return filtered(true);
    }

    /** All others. */
    public SortedMap<String, StoreStatus> simple() {
        return filtered(false);
    }

    private SortedMap<String, StoreStatus> filtered(boolean thin) {
        SortedMap<String, StoreStatus> matching = new TreeMap<>();
        stores.forEach((name, store) -> {
            if (store.status().thinPool().isPresent() == thin) {
                matching.put(name, store);
            }
        });
        return matching;
    }
}
