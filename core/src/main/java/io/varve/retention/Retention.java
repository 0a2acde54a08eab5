package io.varve.retention;

import io.varve.spi.SnapshotLabel;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Decides which snapshots of one volume a policy keeps.
 *
 * <p>Pure and safe to call from any thread. The rules count the snapshots that are subject to the policy and not in the
 * future; a protected snapshot among them counts like any other, so that taking the protection away later changes nothing
 * for its neighbours.
 */
public final class Retention {
    /** Oldest first; snapshots of one instant by label, so that there is one order alone. */
    static final Comparator<Candidate> BY_AGE =
            Comparator.comparing(Candidate::created).thenComparing(Candidate::label);

    private Retention() {}

    /**
     * What to keep and what to remove.
     *
     * @param snapshots all snapshots of one volume, in any order
     * @param now the present; what was created later is kept and not counted
     * @param zone where hours, days, weeks and so on begin; {@link Policy#zone()} unless asked otherwise
     * @throws io.varve.spi.StorageException {@code REQUEST_INVALID} where two snapshots have one label
     */
    public static RetentionPlan plan(List<Candidate> snapshots, Policy policy, Instant now, ZoneId zone) {
        List<Candidate> ordered = snapshots.stream().sorted(BY_AGE).toList();
        checkLabels(ordered);
        List<Candidate> counted = ordered.stream()
                .filter(snapshot -> isCounted(snapshot, policy, now))
                .toList();
        Protections protections = protections(ordered, counted, policy, now, zone);
        return decide(ordered, policy, now, protections, rules(counted, policy, now, zone));
    }

    private static Protections protections(
            List<Candidate> ordered, List<Candidate> counted, Policy policy, Instant now, ZoneId zone) {
        return new Protections(policy, now, policy.minAge().before(now, zone), newest(ordered, counted));
    }

    /**
     * What keeps one snapshot whatever the rules say, to be asked once more before it is removed; empty where nothing
     * does. The answer is the one that {@link #plan} would give with the policy's own zone, at the cost of looking at as
     * many newer snapshots as it takes to find one that the rules count.
     *
     * @param newer the volume's snapshots that are younger, or of the same instant with a later label; in any order, the
     *     nearest first being the fastest
     */
    public static List<String> protections(Candidate snapshot, Iterable<Candidate> newer, Policy policy, Instant now) {
        boolean newest =
                !newer.iterator().hasNext() || (isCounted(snapshot, policy, now) && noneCounted(newer, policy, now));
        Set<SnapshotLabel> labels = newest ? Set.of(snapshot.label()) : Set.of();
        return new Protections(policy, now, policy.minAge().before(now, policy.zone()), labels).of(snapshot);
    }

    private static boolean noneCounted(Iterable<Candidate> snapshots, Policy policy, Instant now) {
        for (Candidate snapshot : snapshots) {
            if (isCounted(snapshot, policy, now)) {
                return false;
            }
        }
        return true;
    }

    static boolean isCounted(Candidate snapshot, Policy policy, Instant now) {
        return Protections.isSubject(snapshot, policy) && !snapshot.created().isAfter(now);
    }

    private static List<List<String>> rules(List<Candidate> counted, Policy policy, Instant now, ZoneId zone) {
        if (policy.keep().isEmpty()) {
            return counted.stream().map(snapshot -> List.of("keep is empty")).toList();
        }
        Timeline timeline = Timeline.of(counted, policy.reference(), now, zone);
        return Rules.reasons(timeline, policy.keep(), policy).reversed();
    }

    /** The newest of all, and the newest the rules count: what is newer may be foreign, undone or misdated. */
    private static Set<SnapshotLabel> newest(List<Candidate> ordered, List<Candidate> counted) {
        Set<SnapshotLabel> newest = new HashSet<>();
        ordered.reversed().stream().limit(1).map(Candidate::label).forEach(newest::add);
        counted.reversed().stream().limit(1).map(Candidate::label).forEach(newest::add);
        return newest;
    }

    private static RetentionPlan decide(
            List<Candidate> ordered,
            Policy policy,
            Instant now,
            Protections protections,
            List<List<String>> rulesOfCounted) {
        List<RetentionPlan.Kept> keep = new ArrayList<>();
        List<RetentionPlan.Removed> remove = new ArrayList<>();
        int place = 0;
        for (Candidate snapshot : ordered) {
            List<String> rules = isCounted(snapshot, policy, now) ? rulesOfCounted.get(place++) : List.of();
            List<String> protectedBy = protections.of(snapshot);
            if (rules.isEmpty() && protectedBy.isEmpty()) {
                remove.add(new RetentionPlan.Removed(snapshot, "no rule keeps it"));
            } else {
                boolean subject = Protections.isSubject(snapshot, policy);
                keep.add(new RetentionPlan.Kept(snapshot, subject, rules, protectedBy));
            }
        }
        return new RetentionPlan(keep, remove);
    }

    private static void checkLabels(List<Candidate> snapshots) {
        Set<SnapshotLabel> seen = new HashSet<>();
        for (Candidate snapshot : snapshots) {
            if (!seen.add(snapshot.label())) {
                throw Refusal.invalid("two snapshots have the label "
                        + Refusal.quote(snapshot.label().value()) + "; labels of a volume are unique");
            }
        }
    }
}
