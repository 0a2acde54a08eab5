package io.varve.appliance.rest;

import io.varve.policy.Comparison;
import io.varve.policy.Preview;
import io.varve.policy.RunReport;
import io.varve.retention.RetentionPlan;
import io.varve.spi.SnapshotLabel;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Retention's decisions as clients see them. */
final class PlanViews {
    private PlanViews() {}

    record KeptView(String label, Instant created, List<String> reasons) {}

    record RemovedView(String label, Instant created, String reason) {}

    record VolumePlanView(
            String store,
            String volume,
            List<KeptView> keep,
            List<RemovedView> remove,
            Optional<String> brake,
            Optional<FailureView> failure,
            OptionalLong freesAtLeast,
            Optional<List<String>> removesToo,
            Optional<List<String>> keepsToo) {}

    /** @param token absent for what a policy would do that is not in force */
    record PreviewView(String policy, Instant now, List<VolumePlanView> volumes, Optional<String> token) {}

    record ListPlanView(List<KeptView> keep, List<RemovedView> remove, Optional<String> brake) {}

    record RemovalView(String label, String reason) {}

    record FailureView(String step, String code, String detail) {}

    record VolumeReportView(
            String store,
            String volume,
            Optional<String> taken,
            Optional<String> unchanged,
            List<RemovalView> removed,
            List<FailureView> failures) {}

    record ReportView(String policy, boolean succeeded, List<VolumeReportView> volumes) {}

    static PreviewView of(Preview preview) {
        List<VolumePlanView> volumes = preview.volumes().stream()
                .map(each -> of(each, Optional.empty(), Optional.empty()))
                .toList();
        return new PreviewView(preview.policy().name(), preview.now(), volumes, Optional.of(preview.token()));
    }

    static PreviewView of(Comparison comparison) {
        List<VolumePlanView> volumes = comparison.changes().stream()
                .map(each ->
                        of(each.volume(), Optional.of(texts(each.removesToo())), Optional.of(texts(each.keepsToo()))))
                .toList();
        Preview edited = comparison.edited();
        return new PreviewView(edited.policy().name(), edited.now(), volumes, Optional.empty());
    }

    private static VolumePlanView of(
            Preview.OfVolume each, Optional<List<String>> removesToo, Optional<List<String>> keepsToo) {
        return new VolumePlanView(
                each.store().value(),
                each.volume().value(),
                kept(each.plan()),
                removed(each.plan()),
                each.brake(),
                each.failure().map(PlanViews::of),
                each.freesAtLeast(),
                removesToo,
                keepsToo);
    }

    private static List<String> texts(List<SnapshotLabel> labels) {
        return labels.stream().map(SnapshotLabel::value).toList();
    }

    static ListPlanView of(RetentionPlan plan, Optional<String> brake) {
        return new ListPlanView(kept(plan), removed(plan), brake);
    }

    static ReportView of(RunReport report) {
        List<VolumeReportView> volumes =
                report.volumes().stream().map(PlanViews::of).toList();
        return new ReportView(report.policy(), report.succeeded(), volumes);
    }

    private static VolumeReportView of(RunReport.OfVolume volume) {
        return new VolumeReportView(
                volume.store().value(),
                volume.volume().value(),
                volume.taken().map(Object::toString),
                volume.unchanged().map(Object::toString),
                volume.removed().stream()
                        .map(gone -> new RemovalView(gone.label().value(), gone.reason()))
                        .toList(),
                volume.failures().stream().map(PlanViews::of).toList());
    }

    static FailureView of(RunReport.Failure failure) {
        return new FailureView(failure.step(), failure.code().name(), failure.detail());
    }

    private static List<KeptView> kept(RetentionPlan plan) {
        return plan.keep().stream()
                .map(kept -> new KeptView(
                        kept.snapshot().label().value(), kept.snapshot().created(), kept.reasons()))
                .toList();
    }

    private static List<RemovedView> removed(RetentionPlan plan) {
        return plan.remove().stream()
                .map(gone -> new RemovedView(
                        gone.snapshot().label().value(), gone.snapshot().created(), gone.reason()))
                .toList();
    }
}
