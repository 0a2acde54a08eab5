package io.varve.volume;

import io.varve.spi.ErrorCode;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened.
 *
 * @param took from its beginning to its end
 * @param type the operation, for example {@code snapshot.create}
 * @param failure why it did not come about; empty for a success
 * @param detail for people
 */
public record Event(
        Instant time, Duration took, String type, Subject subject, Optional<ErrorCode> failure, String detail) {}
