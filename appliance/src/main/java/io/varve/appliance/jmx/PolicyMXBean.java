package io.varve.appliance.jmx;

import java.util.List;

/** {@code io.varve:type=Policy,name=P}. Failures are those of {@link ManagedObject}. */
@Meaning("A policy: what is snapshotted when, and which snapshots stay")
public interface PolicyMXBean {
    @Meaning("Its name")
    String getName();

    @Meaning("The policy as JSON")
    String getDefinition();

    @Meaning("Whether it is defined in the configuration file")
    boolean isReadOnly();

    @Meaning("The volumes it governs, each as store/volume")
    List<String> getGoverns();

    @Meaning("When its time last came, RFC 3339; empty where it never did")
    String getLastRun();

    @Meaning("Takes the snapshots and prunes, now")
    List<PolicyRunData> runPolicy();

    @Meaning("What pruning would do now, and why")
    PolicyPreviewData previewPolicy();

    @Meaning("Prunes as a preview said, or refuses where that is no longer true")
    List<PolicyRunData> prune(@Meaning("The token of the preview") String token);
}
