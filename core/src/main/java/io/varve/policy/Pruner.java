package io.varve.policy;

import io.varve.retention.Brake;
import io.varve.retention.Candidate;
import io.varve.retention.Policy;
import io.varve.retention.Retention;
import io.varve.retention.RetentionPlan;
import io.varve.retention.SpaceRelief;
import io.varve.spi.DriverStatus;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.volume.Store;
import io.varve.volume.Stores;
import io.varve.volume.Tokens;
import io.varve.volume.Victim;
import io.varve.volume.Volume;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/** Says what pruning by a policy would do, and does it. A volume that fails does not concern the others. */
final class Pruner {
    private static final String STEP = "prune";

    private final Stores stores;
    private final PolicyBook book;

    Pruner(Stores stores, PolicyBook book) {
        this.stores = stores;
        this.book = book;
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
            RetentionPlan plan = plan(policy, volume, candidates, now);
            facts.add(subject + candidates + " removes "
                    + plan.remove().stream()
                            .map(gone -> gone.snapshot().label())
                            .toList());
            return new Preview.OfVolume(
                    volume.store(), volume.name(), plan, Brake.objection(plan, policy), Optional.empty());
        } catch (StorageException failure) {
            facts.add(subject + failure.code());
            return new Preview.OfVolume(
                    volume.store(),
                    volume.name(),
                    new RetentionPlan(List.of(), List.of()),
                    Optional.empty(),
                    Optional.of(RunReport.Failure.of(STEP, failure)));
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

    private OptionalDouble freePercent(Volume volume) {
        Store store = stores.store(volume.store());
        DriverStatus.Space space = store.status().space();
        return space.total() <= 0
                ? OptionalDouble.empty()
                : OptionalDouble.of(100.0 * space.available() / space.total());
    }

    /** @param confirmed whether brakes do not matter */
    RunReport carryOut(Preview preview, boolean confirmed) {
        return new RunReport(
                preview.policy().name(),
                preview.volumes().stream()
                        .map(each -> carryOut(each, preview, confirmed))
                        .toList());
    }

    private RunReport.OfVolume carryOut(Preview.OfVolume each, Preview preview, boolean confirmed) {
        if (each.failure().isPresent()) {
            return failed(each, each.failure().get());
        }
        if (each.brake().isPresent() && !confirmed) {
            return failed(
                    each,
                    new RunReport.Failure(STEP, ErrorCode.BRAKE, each.brake().get()));
        }
        try {
            Volume volume = stores.store(each.store()).volume(each.volume());
            return remove(volume, each.plan(), preview);
        } catch (StorageException gone) {
            return failed(each, RunReport.Failure.of(STEP, gone));
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
    private RunReport.OfVolume remove(Volume volume, RetentionPlan plan, Preview preview) {
        List<RunReport.Removed> removed = new ArrayList<>();
        List<RunReport.Failure> failures = new ArrayList<>();
        for (RetentionPlan.Removed gone : plan.remove()) {
            SnapshotLabel label = gone.snapshot().label();
            try {
                requireInForce(preview.policy());
                volume.pruneSnapshot(label, victim -> protections(victim, preview));
                removed.add(new RunReport.Removed(label, gone.reason()));
            } catch (StorageException failure) {
                failures.add(RunReport.Failure.of(STEP, failure));
                if (!isInForce(preview.policy())) {
                    break;
                }
            }
        }
        return new RunReport.OfVolume(
                volume.store(), volume.name(), Optional.empty(), Optional.empty(), removed, failures);
    }

    private static List<String> protections(Victim victim, Preview preview) {
        Instant now = preview.now();
        return Retention.protections(Candidates.of(victim, now), Candidates.newer(victim, now), preview.policy(), now);
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
