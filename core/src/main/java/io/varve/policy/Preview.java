package io.varve.policy;

import io.varve.retention.RetentionPlan;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/**
 * What pruning by a policy would do.
 *
 * @param token carries out exactly this, brakes included
 */
public record Preview(String policy, Instant now, List<OfVolume> volumes, String token) {
    public Preview {
        volumes = List.copyOf(volumes);
    }

    /** @param brake why it would not be done unasked */
    public record OfVolume(StoreName store, VolumeName volume, RetentionPlan plan, Optional<String> brake) {}
}
