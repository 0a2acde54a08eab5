package io.varve.retention;

import io.varve.spi.SnapshotLabel;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * Lets snapshots give way while space is short: the step after {@link Retention#plan}.
 *
 * <p>The oldest go first. What is protected, what the floor keeps and what is not subject to the policy never goes. Pure,
 * like everything here.
 */
public final class SpaceRelief {
    private SpaceRelief() {}

    /**
     * The plan with as many more removals as space asks for. Where the gain of a removal is not known, it is the last one:
     * measure again when it is done. A plan that already removes something of unknown gain is left as it is, for the same
     * reason.
     *
     * @param freePercent the free share of the store's space now; empty where not known, which leaves the plan as it is
     * @param gain how many percentage points removing a snapshot frees; empty where not known
     */
    public static RetentionPlan relieve(
            RetentionPlan plan,
            Policy policy,
            OptionalDouble freePercent,
            Function<Candidate, OptionalDouble> gain,
            Instant now,
            ZoneId zone) {
        Shortage shortage = new Shortage(policy, freePercent, gain);
        plan.remove().forEach(removed -> shortage.easedBy(removed.snapshot()));
        List<RetentionPlan.Removed> chosen = new ArrayList<>();
        for (RetentionPlan.Removed victim : victims(plan, policy, freePercent, now, zone)) {
            if (shortage.lasts()) {
                chosen.add(victim);
                shortage.easedBy(victim.snapshot());
            }
        }
        return moved(plan, chosen);
    }

    /**
     * All that could give way, in the order in which it should; empty where the policy has no space rule, or the free share
     * is not known or high enough. Whoever measures after each removal goes along this list until space suffices.
     */
    public static List<RetentionPlan.Removed> victims(
            RetentionPlan plan, Policy policy, OptionalDouble freePercent, Instant now, ZoneId zone) {
        if (policy.space().isEmpty() || freePercent.isEmpty()) {
            return List.of();
        }
        SpaceRule rule = policy.space().get();
        double free = freePercent.getAsDouble();
        if (!Double.isFinite(free) || free >= rule.minFreePercent()) {
            return List.of();
        }
        String reason = "space: " + percent(free) + " % free < " + rule.minFreePercent() + " %";
        Set<SnapshotLabel> floor = floor(plan, policy, rule, now, zone);
        return plan.keep().stream()
                .filter(kept -> mayGo(kept, floor))
                .map(kept -> new RetentionPlan.Removed(kept.snapshot(), reason))
                .toList();
    }

    private static boolean mayGo(RetentionPlan.Kept kept, Set<SnapshotLabel> floor) {
        return kept.subject()
                && kept.protections().isEmpty()
                && !floor.contains(kept.snapshot().label());
    }

    private static Set<SnapshotLabel> floor(
            RetentionPlan plan, Policy policy, SpaceRule rule, Instant now, ZoneId zone) {
        List<Candidate> counted = plan.keep().stream()
                .map(RetentionPlan.Kept::snapshot)
                .filter(snapshot -> Retention.isCounted(snapshot, policy, now))
                .toList();
        Timeline timeline = Timeline.of(counted, policy.reference(), now, zone);
        List<List<String>> reasons =
                Rules.reasons(timeline, rule.floor(), policy).reversed();
        Set<SnapshotLabel> floor = new HashSet<>();
        for (int i = 0; i < counted.size(); i++) {
            if (!reasons.get(i).isEmpty()) {
                floor.add(counted.get(i).label());
            }
        }
        return floor;
    }

    private static RetentionPlan moved(RetentionPlan plan, List<RetentionPlan.Removed> chosen) {
        Set<SnapshotLabel> gone = new HashSet<>();
        chosen.forEach(removed -> gone.add(removed.snapshot().label()));
        List<RetentionPlan.Kept> keep = plan.keep().stream()
                .filter(kept -> !gone.contains(kept.snapshot().label()))
                .toList();
        List<RetentionPlan.Removed> remove = new ArrayList<>(plan.remove());
        remove.addAll(chosen);
        remove.sort(Comparator.comparing(RetentionPlan.Removed::snapshot, Retention.BY_AGE));
        return new RetentionPlan(keep, remove);
    }

    /** Rounded down, so that it never reads as enough. */
    private static String percent(double free) {
        return BigDecimal.valueOf(free)
                .setScale(1, RoundingMode.FLOOR)
                .stripTrailingZeros()
                .toPlainString();
    }

    /** How much is still missing, as removals are decided on. */
    private static final class Shortage {
        private final Function<Candidate, OptionalDouble> gain;
        private double missing;

        Shortage(Policy policy, OptionalDouble freePercent, Function<Candidate, OptionalDouble> gain) {
            this.gain = gain;
            this.missing = policy.space()
                    .map(rule -> rule.minFreePercent() - freePercent.orElse(100))
                    .orElse(0.0);
        }

        boolean lasts() {
            return missing > 0;
        }

        /** A removal of unknown gain ends the shortage as far as can be told. */
        void easedBy(Candidate removed) {
            missing -= gain.apply(removed).orElse(missing);
        }
    }
}
