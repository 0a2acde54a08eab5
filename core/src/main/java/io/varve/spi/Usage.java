package io.varve.spi;

import java.util.Optional;

/** One figure of a store's status. */
public sealed interface Usage {
    /** The name under which time series keep it; empty for figures that are for people alone. */
    Optional<String> metricName();

    /** What is measured, for example {@code Data}. */
    String label();

    /** Which figure of it, for example {@code Total Bytes}. */
    String type();

    /** A whole number, in bytes where the type does not say otherwise. */
    record Whole(Optional<String> metricName, String label, String type, long value) implements Usage {}

    /** A measured rate or share. */
    record Real(Optional<String> metricName, String label, String type, double value) implements Usage {}

    static Usage bytes(String label, String type, long value) {
        return new Whole(Optional.empty(), label, type, value);
    }

    static Usage bytes(String metricName, String label, String type, long value) {
        return new Whole(Optional.of(metricName), label, type, value);
    }
}
