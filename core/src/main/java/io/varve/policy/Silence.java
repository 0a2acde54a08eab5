package io.varve.policy;

import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;

import java.time.Instant;
import java.util.Optional;

/**
 * A volume of which a policy has no good snapshot that is as young as it should be.
 *
 * @param newest when the last good one was taken
 * @param expected when at the latest there should have been a younger one
 */
public record Silence(String policy, StoreName store, VolumeName volume, Optional<Instant> newest, Instant expected) {
    /** For people. */
    public String text() {
        return "policy '" + policy + "' has no snapshot of volume '" + volume + "'"
                + newest.map(time -> " since " + time).orElse("") + "; one was due by " + expected + " at the latest";
    }
}
