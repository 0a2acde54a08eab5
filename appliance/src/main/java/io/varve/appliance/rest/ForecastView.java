package io.varve.appliance.rest;

import io.varve.policy.Forecast;
import io.varve.retention.RetentionPlan;
import io.varve.retention.Simulation;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * What will be there, as clients see it.
 *
 * @param until the time it will be then
 */
record ForecastView(String policy, Instant now, Instant until, List<VolumeView> volumes) {

    /**
     * What will be there of one volume.
     *
     * @param keep what will be there; {@code isNew} for what is not there yet
     * @param remove what is there today and will have gone
     * @param runs how many runs there will have been, and how many of them the brake will have stopped
     */
    record VolumeView(
            String store,
            String volume,
            List<KeptView> keep,
            List<EndedView> remove,
            int runs,
            int braked,
            Optional<PlanViews.FailureView> failure) {}

    record KeptView(String label, Instant created, boolean isNew, List<String> reasons) {}

    record EndedView(String label, Instant created, Instant removed, String reason) {}

    static ForecastView of(Forecast forecast) {
        return new ForecastView(
                forecast.policy().name(),
                forecast.now(),
                forecast.until(),
                forecast.volumes().stream().map(ForecastView::of).toList());
    }

    private static VolumeView of(Forecast.OfVolume volume) {
        return new VolumeView(
                volume.store().value(),
                volume.volume().value(),
                volume.outcome().map(known -> kept(volume, known.plan())).orElse(List.of()),
                volume.ended().stream().map(ForecastView::ended).toList(),
                volume.outcome().map(Simulation.Outcome::runs).orElse(0),
                volume.outcome().map(Simulation.Outcome::braked).orElse(0),
                volume.failure().map(PlanViews::of));
    }

    /** What the run after that would remove is there until then. */
    private static List<KeptView> kept(Forecast.OfVolume volume, RetentionPlan plan) {
        List<KeptView> views = new ArrayList<>();
        plan.keep()
                .forEach(kept -> views.add(kept(
                        volume, kept.snapshot().label().value(), kept.snapshot().created(), kept.reasons())));
        plan.remove()
                .forEach(gone -> views.add(kept(
                        volume,
                        gone.snapshot().label().value(),
                        gone.snapshot().created(),
                        List.of("until the next run: " + gone.reason()))));
        views.sort(Comparator.comparing(KeptView::created).thenComparing(KeptView::label));
        return views;
    }

    private static KeptView kept(Forecast.OfVolume volume, String label, Instant created, List<String> reasons) {
        return new KeptView(label, created, !volume.today().contains(label), reasons);
    }

    private static EndedView ended(Simulation.Ended gone) {
        return new EndedView(gone.snapshot().label().value(), gone.snapshot().created(), gone.time(), gone.reason());
    }
}
