package io.varve.appliance.blackbox;

import java.util.Comparator;

/** A label or tag of one volume. */
record Labelled(String volume, String label) implements Comparable<Labelled> {
    private static final Comparator<Labelled> ORDER =
            Comparator.comparing(Labelled::volume).thenComparing(Labelled::label);

    @Override
    public int compareTo(Labelled other) {
        return ORDER.compare(this, other);
    }

    @Override
    public String toString() {
        return volume + "_" + label;
    }
}
