package io.varve.volume;

import io.varve.spi.Names;

/** The short name of a store, for example {@code default}; bounds as for volume names. */
public record StoreName(String value) implements Comparable<StoreName> {
    public StoreName {
        Names.check("store name", value);
    }

    public static StoreName of(String value) {
        return new StoreName(value);
    }

    @Override
    public int compareTo(StoreName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
