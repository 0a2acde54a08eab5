package io.varve.retention;

import java.util.List;

/** Which volumes a policy governs: those whose store and whose own name each match a pattern. No pattern matches nothing. */
public record Match(List<Glob> stores, List<Glob> volumes) {
    public Match {
        stores = List.copyOf(stores);
        volumes = List.copyOf(volumes);
    }

    /** Governs no volume: for policies that are only computed with. */
    public static Match nothing() {
        return new Match(List.of(), List.of());
    }

    public boolean governs(String store, String volume) {
        return stores.stream().anyMatch(glob -> glob.matches(store))
                && volumes.stream().anyMatch(glob -> glob.matches(volume));
    }
}
