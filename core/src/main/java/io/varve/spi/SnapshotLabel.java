package io.varve.spi;

/**
 * The short name of a snapshot, unique within its volume; bounds as for {@link VolumeName}.
 *
 * <p>{@code <volume>_<label>} is the full spelling of the same snapshot. {@link #parse} accepts both, so a label that
 * itself begins with its volume's name and {@code _} cannot exist.
 */
public record SnapshotLabel(String value) implements Comparable<SnapshotLabel> {
    public SnapshotLabel {
        Names.check("snapshot label", value);
        if (value.charAt(0) == '.') {
            throw Names.refused("snapshot label", value, "it begins with '.'");
        }
    }

    public static SnapshotLabel of(String value) {
        return new SnapshotLabel(value);
    }

    /** Reads a label in its short or full spelling. */
    public static SnapshotLabel parse(VolumeName volume, String text) {
        String prefix = volume.value() + "_";
        boolean full = text.startsWith(prefix) && text.length() > prefix.length();
        return new SnapshotLabel(full ? text.substring(prefix.length()) : text);
    }

    /** The full spelling, {@code <volume>_<label>}. */
    public String fullName(VolumeName volume) {
        return volume.value() + "_" + value;
    }

    @Override
    public int compareTo(SnapshotLabel other) {
        return value.compareTo(other.value);
    }

    @Override
    public String toString() {
        return value;
    }
}
