package io.varve.spi;

import java.util.regex.Pattern;

/** The name of a storage technology, for example {@code btrfs}: lower-case letters, digits and {@code -}. */
public record DriverType(String value) implements Comparable<DriverType> {
    private static final Pattern SHAPE = Pattern.compile("[a-z][a-z0-9-]{0,31}");

    public DriverType {
        if (!SHAPE.matcher(value).matches()) {
            throw Names.refused("driver type", value, "it is not 1 to 32 lower-case letters, digits or '-'");
        }
    }

    public static DriverType of(String value) {
        return new DriverType(value);
    }

    @Override
    public int compareTo(DriverType other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
