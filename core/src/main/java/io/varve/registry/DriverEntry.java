package io.varve.registry;

import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;

/** What was found where drivers are looked for. */
public sealed interface DriverEntry {
    Source source();

    /** Where a driver came from. */
    enum Source {
        BUILT_IN("built-in"),
        JAR("jar"),
        EXECUTABLE("executable");

        private final String text;

        Source(String text) {
            this.text = text;
        }

        @Override
        public String toString() {
            return text;
        }
    }

    /** A driver that can be asked. */
    record Found(DriverProvider provider, Source source) implements DriverEntry {
        public DriverType type() {
            return provider.type();
        }
    }

    /**
     * Something that should have been a driver.
     *
     * @param name the file it is in
     * @param reason why it is none, for people
     */
    record Broken(String name, Source source, String reason) implements DriverEntry {}
}
