package io.varve.appliance.jmx;

import io.varve.policy.RunReport;

import java.util.List;

/**
 * What a policy did on one volume.
 *
 * @param taken the label of the snapshot it took; empty where it took none
 * @param removed label and reason of each
 * @param failures step, code and reason of each
 */
public record PolicyRunData(String store, String volume, String taken, List<String> removed, List<String> failures) {

    static List<PolicyRunData> of(RunReport report) {
        return report.volumes().stream().map(PolicyRunData::of).toList();
    }

    private static PolicyRunData of(RunReport.OfVolume volume) {
        return new PolicyRunData(
                volume.store().value(),
                volume.volume().value(),
                volume.taken().map(Object::toString).orElse(""),
                volume.removed().stream()
                        .map(gone -> gone.label() + ": " + gone.reason())
                        .toList(),
                volume.failures().stream().map(PolicyRunData::text).toList());
    }

    static String text(RunReport.Failure failure) {
        return failure.step() + ": " + failure.code() + ": " + failure.detail();
    }
}
