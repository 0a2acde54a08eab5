package io.varve.catalog;

import io.varve.spi.VolumeName;

import java.time.Instant;
import java.util.OptionalLong;

/**
 * What is known of a volume.
 *
 * @param size bytes it was given; empty where it has no size of its own
 */
public record VolumeRecord(VolumeName name, Instant created, OptionalLong size) {
    public VolumeRecord withSize(long bytes) {
        return new VolumeRecord(name, created, OptionalLong.of(bytes));
    }
}
