package io.varve.retention;

import io.varve.spi.SnapshotLabel;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** What keeps a snapshot whatever the rules say. */
final class Protections {
    private final Policy policy;
    private final Instant now;
    private final Instant youngSince;
    private final Set<SnapshotLabel> newest;

    /**
     * @param youngSince what was created after this is too young to remove
     * @param newest the snapshots that are the newest of their kind
     */
    Protections(Policy policy, Instant now, Instant youngSince, Set<SnapshotLabel> newest) {
        this.policy = policy;
        this.now = now;
        this.youngSince = youngSince;
        this.newest = Set.copyOf(newest);
    }

    /** Whether the policy's rules apply to the snapshot at all. An undo point ends with its own expiry instead. */
    static boolean isSubject(Candidate snapshot, Policy policy) {
        boolean governed =
                switch (policy.unmatched()) {
                    case IGNORE -> snapshot.isMadeBy(policy.name());
                    case INCLUDE -> snapshot.kind() != Candidate.Kind.UNDO;
                };
        return governed && snapshot.valid();
    }

    List<String> of(Candidate snapshot) {
        List<String> reasons = new ArrayList<>(2);
        snapshot.tags().forEach(tag -> reasons.add("tag " + tag));
        snapshot.holds().forEach(owner -> reasons.add("hold " + owner));
        reasons.addAll(snapshot.protectedBy());
        addOrigin(snapshot, reasons);
        addAge(snapshot, reasons);
        return reasons;
    }

    private void addOrigin(Candidate snapshot, List<String> reasons) {
        if (!snapshot.valid()) {
            reasons.add("invalid");
        } else if (snapshot.kind() == Candidate.Kind.UNDO) {
            reasons.add("undo point");
        } else if (!isSubject(snapshot, policy)) {
            reasons.add("not made by policy " + policy.name());
        }
    }

    private void addAge(Candidate snapshot, List<String> reasons) {
        if (snapshot.created().isAfter(now)) {
            reasons.add("in the future");
        } else if (snapshot.created().isAfter(youngSince)) {
            reasons.add("minAge " + policy.minAge());
        }
        if (newest.contains(snapshot.label())) {
            reasons.add("newest");
        }
    }
}
