package io.varve.appliance.jmx;

import io.varve.policy.Preview;
import org.jspecify.annotations.Nullable;

import java.util.List;

/**
 * What pruning by a policy would do.
 *
 * @param token carries out exactly this
 */
public record PolicyPreviewData(String now, String token, List<OfVolume> volumes) {
    /**
     * What it would do on one volume.
     *
     * @param keep label and reasons of each
     * @param remove label and reason of each
     * @param objection why it would not be done unasked, or why nothing can be said; empty where neither is so
     * @param freesAtLeast bytes that come back for certain; absent where the driver cannot tell
     */
    public record OfVolume(
            String store,
            String volume,
            List<String> keep,
            List<String> remove,
            String objection,
            @Nullable Long freesAtLeast) {}

    static PolicyPreviewData of(Preview preview) {
        return new PolicyPreviewData(
                preview.now().toString(),
                preview.token(),
                preview.volumes().stream().map(PolicyPreviewData::of).toList());
    }

    private static OfVolume of(Preview.OfVolume volume) {
        return new OfVolume(
                volume.store().value(),
                volume.volume().value(),
                volume.plan().keep().stream()
                        .map(kept -> kept.snapshot().label() + ": " + String.join(", ", kept.reasons()))
                        .toList(),
                volume.plan().remove().stream()
                        .map(gone -> gone.snapshot().label() + ": " + gone.reason())
                        .toList(),
                volume.failure().map(PolicyRunData::text).or(volume::brake).orElse(""),
                volume.freesAtLeast().isPresent() ? volume.freesAtLeast().getAsLong() : null);
    }
}
