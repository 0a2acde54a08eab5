package io.varve.registry;

import io.varve.spi.Availability;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;

import java.nio.file.Path;
import java.util.Optional;

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
        private static final System.Logger LOG = System.getLogger(DriverEntry.class.getName());
        private static final Path ANYWHERE = Path.of("/");

        public DriverType type() {
            return provider.type();
        }

        /** Whether stores can be opened at a root; a driver that fails to answer cannot. */
        Availability availability(Path root) {
            try {
                return provider.probe(root);
            } catch (RuntimeException | LinkageError bug) {
                LOG.log(System.Logger.Level.ERROR, "driver " + type() + " failed when it was asked about " + root, bug);
                return Availability.missing("it failed when it was asked; the log says how");
            }
        }

        /**
         * Why the driver can work nowhere on this host; empty where it can. A filesystem that does not suit is a matter of
         * a root, not of the host.
         */
        public Optional<String> obstacleOnThisHost() {
            return switch (availability(ANYWHERE)) {
                case Availability.Available() -> Optional.empty();
                case Availability.Unavailable(ErrorCode code, String reason) ->
                    code == ErrorCode.FILESYSTEM_UNSUITABLE ? Optional.empty() : Optional.of(reason);
            };
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
