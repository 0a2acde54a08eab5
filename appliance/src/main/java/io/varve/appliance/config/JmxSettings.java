package io.varve.appliance.config;

import java.nio.file.Path;
import java.util.Optional;

/**
 * The JMX door for other processes, on loopback.
 *
 * @param passwordFile passwords of {@code viewer} and {@code admin}, as in the JDK's {@code jmxremote.password}; empty is
 *     one that is made in the state directory, and none at all where authentication is off
 */
public record JmxSettings(int port, Optional<Path> passwordFile) {}
