package io.varve.appliance.config;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;

/** Checks the settings of the JMX door. */
final class JmxReader {
    private static final int MAX_PORT = 65535;

    private JmxReader() {}

    /** @param port empty where there is to be no door */
    static Optional<JmxSettings> read(String port, String passwordFile, List<String> faults) {
        if (port.isBlank()) {
            return Optional.empty();
        }
        if (!port.matches("[0-9]{1,5}") || Integer.parseInt(port) > MAX_PORT || Integer.parseInt(port) == 0) {
            faults.add("the JMX port '" + port + "' is not a number from 1 to 65535");
            return Optional.empty();
        }
        Optional<Path> file =
                Optional.of(passwordFile).filter(text -> !text.isBlank()).map(Path::of);
        file.flatMap(JmxReader::fault).ifPresent(faults::add);
        return Optional.of(new JmxSettings(Integer.parseInt(port), file));
    }

    private static Optional<String> fault(Path file) {
        if (!file.isAbsolute() || !Files.isReadable(file)) {
            return Optional.of("the JMX password file '" + file + "' is not the absolute path of a readable file");
        }
        try {
            String permissions = PosixFilePermissions.toString(Files.getPosixFilePermissions(file));
            return permissions.endsWith("------")
                    ? Optional.empty()
                    : Optional.of("others may touch the JMX password file '" + file + "'; set its mode to 0600");
        } catch (IOException failure) {
            return Optional.of("the JMX password file '" + file + "' cannot be looked at: " + failure.getMessage());
        }
    }
}
