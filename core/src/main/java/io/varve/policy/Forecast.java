package io.varve.policy;

import io.varve.retention.Policy;
import io.varve.retention.Simulation;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** What will be there at a time to come, volume by volume. */
public record Forecast(Policy policy, Instant now, Instant until, List<OfVolume> volumes) {
    public Forecast {
        volumes = List.copyOf(volumes);
    }

    /**
     * What will be there of one volume.
     *
     * @param today the labels there are now
     * @param failure why nothing can be said of this volume; the outcome is empty then
     */
    public record OfVolume(
            StoreName store,
            VolumeName volume,
            Set<String> today,
            Optional<Simulation.Outcome> outcome,
            Optional<RunReport.Failure> failure) {
        public OfVolume {
            today = Set.copyOf(today);
        }

        /** Of today's snapshots those that will have gone. */
        public List<Simulation.Ended> ended() {
            return outcome.stream()
                    .flatMap(known -> known.ended().stream())
                    .filter(gone -> today.contains(gone.snapshot().label().value()))
                    .collect(Collectors.toUnmodifiableList());
        }
    }
}
