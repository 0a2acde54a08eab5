package io.varve.volume;

import io.varve.spi.ErrorCode;

import java.time.Instant;
import java.util.Optional;

/**
 * Something that happened.
 *
 * @param type the operation, for example {@code snapshot.create}
 * @param failure why it did not come about; empty for a success
 * @param detail for people
 */
public record Event(Instant time, String type, Subject subject, Optional<ErrorCode> failure, String detail) {}
