package io.varve.spi;

import java.util.OptionalLong;

/**
 * What a new volume should be like.
 *
 * @param size bytes; empty leaves it to the driver. A driver without {@link Capability#RESIZE} refuses a size.
 */
public record VolumeSpec(OptionalLong size) {
    public static VolumeSpec unlimited() {
        return new VolumeSpec(OptionalLong.empty());
    }
}
