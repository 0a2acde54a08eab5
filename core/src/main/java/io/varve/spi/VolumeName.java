package io.varve.spi;

/**
 * The name of a volume: 1 to 128 bytes of UTF-8, no {@code /}, no {@code ..}, no control characters, no leading dot
 * (the store's own directories begin with one) and no white space at either end.
 */
public record VolumeName(String value) implements Comparable<VolumeName> {
    public VolumeName {
        Names.check("volume name", value);
        if (value.charAt(0) == '.') {
            throw Names.refused("volume name", value, "it begins with '.', which is kept for the store itself");
        }
    }

    public static VolumeName of(String value) {
        return new VolumeName(value);
    }

    /** The owner prefix: the part before the first {@code _}, or the whole name. */
    public String tenant() {
        int end = value.indexOf('_');
        return end > 0 ? value.substring(0, end) : value;
    }

    @Override
    public int compareTo(VolumeName other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
