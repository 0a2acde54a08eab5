package io.varve.policy;

import io.varve.retention.Policy;
import io.varve.retention.RetentionPlan;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What pruning by a policy would do.
 *
 * @param token carries out exactly this, brakes included
 */
public record Preview(Policy policy, Instant now, List<OfVolume> volumes, String token) {
    public Preview {
        volumes = List.copyOf(volumes);
    }

    /**
     * What it would do on one volume.
     *
     * @param brake why it would not be done unasked
     * @param failure why nothing can be said of this volume; the plan is empty then
     * @param freesAtLeast bytes that come back for certain; empty where the driver cannot tell, or was not asked
     */
    public record OfVolume(
            StoreName store,
            VolumeName volume,
            RetentionPlan plan,
            Optional<String> brake,
            Optional<RunReport.Failure> failure,
            OptionalLong freesAtLeast) {
        OfVolume freeing(OptionalLong bytes) {
            return new OfVolume(store, volume, plan, brake, failure, bytes);
        }
    }
}
