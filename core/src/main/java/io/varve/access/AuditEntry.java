package io.varve.access;

import java.time.Instant;

/**
 * Something that somebody did, or was not let do.
 *
 * @param who a token's name, a user of this host, a JMX user
 * @param door what he came through: {@code socket}, {@code tcp}, {@code jmx}
 * @param action the call, without its content
 * @param outcome {@code OK}, or the code of the refusal or failure
 */
public record AuditEntry(Instant time, String who, String door, String action, String outcome) {}
