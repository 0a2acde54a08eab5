package io.varve.retention;

import java.util.Optional;

/**
 * The largest share of its snapshots that a policy may remove at once without being asked again.
 *
 * @param maxRemovePercent 0 to 100; 100 never brakes
 */
public record Brake(int maxRemovePercent) {
    /** What holds for policies that say nothing, from {@link #DEFAULT_FROM} snapshots on. */
    public static final Brake DEFAULT = new Brake(50);

    /** With fewer snapshots than this, a policy that says nothing has no brake. */
    public static final int DEFAULT_FROM = 4;

    public Brake {
        if (maxRemovePercent < 0 || maxRemovePercent > 100) {
            throw Refusal.invalid("maxRemovePercent is " + maxRemovePercent + "; it is a percentage, 0 to 100");
        }
    }

    /**
     * Why the plan must not be carried out unasked; empty where it may. The share is counted over the snapshots that are
     * subject to the policy: foreign ones beside them do not loosen the brake.
     */
    public static Optional<String> objection(RetentionPlan plan, Policy policy) {
        int subject = plan.subjectCount();
        int removed = plan.remove().size();
        return effective(policy, subject)
                .filter(brake -> 100L * removed > (long) brake.maxRemovePercent * subject)
                .map(brake -> brake.message(policy, removed, subject));
    }

    private static Optional<Brake> effective(Policy policy, int subject) {
        Optional<Brake> usual = subject < DEFAULT_FROM ? Optional.empty() : Optional.of(DEFAULT);
        return policy.brake().or(() -> usual);
    }

    private String message(Policy policy, int removed, int subject) {
        return "policy '%s' would remove %d of its %d snapshots at once (%d %%), its brake allows %d %%: look at the preview, then run that plan, or change the policy or its brake"
                .formatted(policy.name(), removed, subject, 100L * removed / subject, maxRemovePercent);
    }
}
