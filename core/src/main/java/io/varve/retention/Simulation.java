package io.varve.retention;

import io.varve.spi.SnapshotLabel;

import java.time.Instant;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * What a policy's runs will make of a volume: which snapshots there will be on a day to come, and when and why each of
 * today's goes. Every run is taken to come on time, to take a snapshot and to remove what the rules do not keep, unless the
 * brake stops it. Tags, holds and other protections stay as they are today; what gives way when space is short is not
 * foreseen. Pure, like everything here.
 */
public final class Simulation {
    /** How many snapshots may be looked at in all runs together; some seconds of work. */
    static final long LARGEST = 5_000_000;

    private final Policy policy;
    private final ZoneId zone;
    private final Map<SnapshotLabel, Candidate> there = new HashMap<>();
    private final List<Candidate> foreign = new ArrayList<>();
    private final List<Ended> ended = new ArrayList<>();
    private long looked;
    private int runs;
    private int braked;

    private Simulation(Policy policy, ZoneId zone) {
        this.policy = policy;
        this.zone = zone;
    }

    /** A snapshot that will have gone, when and why. */
    public record Ended(Candidate snapshot, Instant time, String reason) {}

    /**
     * What will have come of it.
     *
     * @param plan what will be there, and of that what the next run would remove
     * @param ended what will have gone, in that order
     * @param runs how many runs there will have been
     * @param braked how many of them the brake will have kept from removing anything
     */
    public record Outcome(RetentionPlan plan, List<Ended> ended, int runs, int braked) {
        public Outcome {
            ended = List.copyOf(ended);
        }
    }

    /**
     * @param snapshots all snapshots of one volume today
     * @param runs when the policy will run, in their order
     * @param until the day that is asked for, not before the last run
     * @throws io.varve.spi.StorageException {@code REQUEST_INVALID} where that is too much to reckon
     */
    public static Outcome run(
            List<Candidate> snapshots, Policy policy, Iterable<Instant> runs, Instant until, ZoneId zone) {
        Simulation simulation = new Simulation(policy, zone);
        snapshots.forEach(simulation::add);
        runs.forEach(simulation::step);
        return simulation.outcome(until);
    }

    /** What is not subject to the policy stays and, not being counted, has no part in what the rules do. */
    private void add(Candidate snapshot) {
        if (Protections.isSubject(snapshot, policy)) {
            there.put(snapshot.label(), snapshot);
        } else {
            foreign.add(snapshot);
        }
    }

    private void step(Instant time) {
        SnapshotLabel label = policy.label().render(policy.name(), time);
        there.putIfAbsent(label, Candidate.ofPolicy(policy.name(), label, time));
        looked += there.size();
        if (looked > LARGEST) {
            throw Refusal.invalid("after " + runs + " runs, at " + time
                    + ", there were too many snapshots to go on; ask for an earlier time");
        }
        runs++;
        RetentionPlan plan = Retention.plan(List.copyOf(there.values()), policy, time, zone);
        if (Brake.objection(plan, policy).isPresent()) {
            braked++;
            return;
        }
        for (RetentionPlan.Removed gone : plan.remove()) {
            there.remove(gone.snapshot().label());
            ended.add(new Ended(gone.snapshot(), time, gone.reason()));
        }
    }

    private Outcome outcome(Instant until) {
        List<Candidate> all = new ArrayList<>(foreign);
        all.addAll(there.values());
        return new Outcome(Retention.plan(all, policy, until, zone), ended, runs, braked);
    }
}
