package io.varve.policy;

import io.varve.retention.Brake;
import io.varve.retention.Candidate;
import io.varve.retention.Policy;
import io.varve.retention.Retention;
import io.varve.retention.RetentionPlan;
import io.varve.retention.SpaceRelief;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Store;
import io.varve.volume.Stores;
import io.varve.volume.Tokens;
import io.varve.volume.Volume;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalLong;

/** Says what pruning by a policy would do, and does it. A volume that fails does not concern the others. */
final class Pruner {
    private static final String STEP = "prune";

    private final Stores stores;
    private final PolicyBook book;
    private final VolumeWork work;

    Pruner(Stores stores, PolicyBook book, VolumeWork work) {
        this.stores = stores;
        this.book = book;
        this.work = work;
    }

    Preview preview(Policy policy, List<Volume> governed, Instant now) {
        List<Preview.OfVolume> volumes = new ArrayList<>();
        List<String> facts = new ArrayList<>();
        facts.add(book.codec().write(policy).toString());
        for (Volume volume : governed) {
            volumes.add(preview(policy, volume, now, facts));
        }
        return new Preview(policy, now, volumes, Tokens.of(facts));
    }

    private Preview.OfVolume preview(Policy policy, Volume volume, Instant now, List<String> facts) {
        String subject = volume.store() + "/" + volume.name() + " ";
        try {
            List<Candidate> candidates = Candidates.of(volume, now);
            Claims.requireSole(policy, book.all(), volume, candidates);
            RetentionPlan plan = plan(policy, volume, candidates, now);
            facts.add(subject + candidates + " removes "
                    + plan.remove().stream()
                            .map(gone -> gone.snapshot().label())
                            .toList());
            return new Preview.OfVolume(
                    volume.store(),
                    volume.name(),
                    plan,
                    Brake.objection(plan, policy),
                    Optional.empty(),
                    OptionalLong.empty());
        } catch (StorageException failure) {
            facts.add(subject + failure.code());
            return new Preview.OfVolume(
                    volume.store(),
                    volume.name(),
                    new RetentionPlan(List.of(), List.of()),
                    Optional.empty(),
                    Optional.of(RunReport.Failure.of(STEP, failure)),
                    OptionalLong.empty());
        }
    }

    private RetentionPlan plan(Policy policy, Volume volume, List<Candidate> candidates, Instant now) {
        RetentionPlan byRules = Retention.plan(candidates, policy, now, policy.zone());
        if (policy.space().isEmpty()) {
            return byRules;
        }
        return SpaceRelief.relieve(
                byRules, policy, freePercent(volume), gone -> OptionalDouble.empty(), now, policy.zone());
    }

    /**
     * Removes one snapshot of a store whose space is short: of what no rule keeps, and then of what may give way, the oldest
     * of all volumes. A volume whose pruning the brake stops gives none. Whoever calls again when the space was given back goes on so
     * until there is enough.
     *
     * @param governed volumes of one store
     */
    Optional<RunReport.OfVolume> relieve(Policy policy, List<Volume> governed, Instant now) {
        OptionalDouble free = freePercent(governed.getFirst());
        double least = policy.space().map(rule -> rule.minFreePercent()).orElse(0);
        if (free.isEmpty() || free.getAsDouble() >= least) {
            return Optional.empty();
        }
        return governed.stream()
                .flatMap(volume -> firstToGo(policy, volume, now).stream())
                .min(Comparator.comparing(
                        plan -> plan.plan().remove().getFirst().snapshot(), Comparator.comparing(Candidate::created)))
                .map(plan -> carryOut(plan, policy, now));
    }

    /** What one volume has to give while space is short, as a plan that removes that alone. */
    private Optional<Preview.OfVolume> firstToGo(Policy policy, Volume volume, Instant now) {
        Preview.OfVolume preview = preview(policy, volume, now, new ArrayList<>());
        if (preview.brake().isPresent()) {
            // One by one, what the brake stops would go all the same.
            return Optional.empty();
        }
        return preview.plan().remove().stream()
                .findFirst()
                .map(gone -> new RetentionPlan(preview.plan().keep(), List.of(gone)))
                .filter(plan -> Brake.objection(plan, policy).isEmpty())
                .map(plan -> new Preview.OfVolume(
                        volume.store(), volume.name(), plan, Optional.empty(), Optional.empty(), OptionalLong.empty()));
    }

    private OptionalDouble freePercent(Volume volume) {
        Store store = stores.store(volume.store());
        DriverStatus.Space space = store.status().space();
        return space.total() <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(100.0 * space.available() / space.total());
    }

    /** Looks at each volume when its turn comes, and prunes it where the brake does not hold. */
    RunReport prune(Policy policy, List<Volume> governed, Instant now) {
        return new RunReport(policy.name(), work.each(governed, volume -> {
            Preview.OfVolume plan = preview(policy, volume, now, new ArrayList<>());
            Optional<RunReport.Failure> braked =
                    plan.brake().map(objection -> new RunReport.Failure(STEP, ErrorCode.BRAKE, objection));
            return plan.failure()
                    .or(() -> braked)
                    .map(failure -> failed(plan, failure))
                    .orElseGet(() -> carryOut(plan, policy, now));
        }));
    }

    /** Does what a preview shows, brakes notwithstanding. */
    RunReport carryOut(Preview preview) {
        List<RunReport.OfVolume> reports = preview.volumes().stream()
                .map(each -> each.failure()
                        .map(failure -> failed(each, failure))
                        .orElseGet(() -> carryOut(each, preview.policy(), preview.now())))
                .toList();
        return new RunReport(preview.policy().name(), reports);
    }

    private RunReport.OfVolume carryOut(Preview.OfVolume each, Policy policy, Instant now) {
        try {
            Volume volume = stores.store(each.store()).volume(each.volume());
            return work.once(policy.name(), STEP, volume, () -> remove(volume, each.plan(), policy, now));
        } catch (StorageException goneOrBusy) {
            return failed(each, RunReport.Failure.of(STEP, goneOrBusy));
        }
    }

    private static RunReport.OfVolume failed(Preview.OfVolume each, RunReport.Failure failure) {
        return new RunReport.OfVolume(
                each.store(), each.volume(), Optional.empty(), Optional.empty(), List.of(), List.of(failure));
    }

    /**
     * What came under a protection since the plan was made stays, and that is reported. Once the policy is not the one
     * that the plan was made by, nothing more goes.
     */
    private RunReport.OfVolume remove(Volume volume, RetentionPlan plan, Policy policy, Instant now) {
        List<RunReport.Removed> removed = new ArrayList<>();
        List<RunReport.Failure> failures = new ArrayList<>();
        for (RetentionPlan.Removed gone : plan.remove()) {
            try {
                requireInForce(policy);
                Pace.after(() -> remove(volume, gone, policy, now));
                removed.add(new RunReport.Removed(gone.snapshot().label(), gone.reason()));
            } catch (StorageException failure) {
                failures.add(RunReport.Failure.of(STEP, failure));
                if (!isInForce(policy)) {
                    break;
                }
            }
        }
        return new RunReport.OfVolume(
                volume.store(), volume.name(), Optional.empty(), Optional.empty(), removed, failures);
    }

    private static void remove(Volume volume, RetentionPlan.Removed gone, Policy policy, Instant now) {
        volume.pruneSnapshot(
                gone.snapshot().label(),
                victim ->
                        Retention.protections(Candidates.of(victim, now), Candidates.newer(victim, now), policy, now));
    }

    private void requireInForce(Policy policy) {
        if (!isInForce(policy)) {
            throw new StorageException(
                            ErrorCode.PLAN_STALE,
                            "policy '" + policy.name()
                                    + "' was changed or removed meanwhile; nothing more is removed by"
                                    + " what it was, preview it again")
                    .with("policy", policy.name());
        }
    }

    private boolean isInForce(Policy policy) {
        return book.find(policy.name()).equals(Optional.of(policy));
    }
}
