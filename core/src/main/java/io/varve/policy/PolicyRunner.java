package io.varve.policy;

import io.varve.retention.Policy;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.Stores;
import io.varve.volume.Tokens;
import io.varve.volume.Volume;

import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Carries policies out. Taking and pruning are apart, so that slow pruning never delays the next snapshot; each step of a
 * policy is done once at a time on a volume. A volume that fails or is slow does not concern the others. Thread-safe.
 */
public final class PolicyRunner {
    private static final System.Logger LOG = System.getLogger(PolicyRunner.class.getName());

    private static final Duration SLOW = Duration.ofSeconds(10);

    private final Stores stores;
    private final PolicyBook book;
    private final RunBook runs;
    private final Clock clock;
    private final List<Consumer<RunReport>> listeners = new CopyOnWriteArrayList<>();
    private final HookRunner hooks;
    private final Taker taker;
    private final Pruner pruner;
    private final Map<String, ReentrantLock> pruning = new ConcurrentHashMap<>();

    public PolicyRunner(Stores stores, PolicyBook book, RunBook runs, Clock clock) {
        this.stores = stores;
        this.book = book;
        this.runs = runs;
        this.clock = clock;
        VolumeWork work = new VolumeWork(SLOW);
        this.hooks = new HookRunner(book.hooks());
        this.taker = new Taker(work, hooks, clock);
        this.pruner = new Pruner(stores, book, work);
    }

    /** What pruning would do at a time, and what that gives back. @throws StorageException {@code POLICY_NOT_FOUND} */
    public Preview preview(String name, Optional<Instant> at) {
        return new Freed(stores).tell(preview(book.require(name), at.orElseGet(clock::instant)));
    }

    /** The same for a policy that need not be in force. */
    Preview preview(Policy policy, Instant now) {
        return pruner.preview(policy, governed(policy), now);
    }

    /** The volumes of open stores that a policy governs. */
    public List<Volume> governed(Policy policy) {
        return stores.open().stream()
                .flatMap(store -> store.volumes().stream())
                .filter(volume -> policy.match()
                        .governs(volume.store().value(), volume.name().value()))
                .toList();
    }

    /** Ends the hooks that a killed appliance did not; to be called once, before anything is taken. */
    public void settle() {
        hooks.settle();
    }

    /** Takes as {@link #take} does, because the policy's time has come. */
    public RunReport takeDue(String name) {
        try {
            runs.ran(name, clock.instant());
        } catch (StorageException unrecorded) {
            // Without the record a later start may run the policy once too often; without the snapshot data may be
            // lost.
            LOG.log(System.Logger.Level.WARNING, unrecorded.getMessage());
        }
        return take(name);
    }

    /** Takes a snapshot of every volume the policy governs, or of every one that changed where the policy says so. */
    public RunReport take(String name) {
        Policy policy = book.require(name);
        RunReport report = taker.take(policy, governed(policy));
        listeners.forEach(listener -> listener.accept(report));
        return report;
    }

    /** Whom to tell, in the taking thread, what was taken. */
    public void onTaken(Consumer<RunReport> listener) {
        listeners.add(listener);
    }

    /** Prunes every volume the policy governs; where the brake holds, the volume is left alone and that is reported. */
    public RunReport prune(String name) {
        Policy policy = book.require(name);
        return pruner.prune(policy, governed(policy), clock.instant());
    }

    /**
     * Carries a preview out, brakes notwithstanding.
     *
     * @throws StorageException {@code PLAN_STALE} where it would not be the same now; nothing is removed then
     */
    public RunReport prune(String name, String token) {
        return exclusively(name, () -> {
            Preview preview = preview(book.require(name), clock.instant());
            Tokens.require(token, preview.token());
            return pruner.carryOut(preview);
        });
    }

    private RunReport exclusively(String name, Supplier<RunReport> work) {
        ReentrantLock lock = pruning.computeIfAbsent(name, absent -> new ReentrantLock());
        if (!lock.tryLock()) {
            throw new StorageException(ErrorCode.BUSY, "policy '" + name + "' is being carried out already")
                    .with("policy", name);
        }
        try {
            return work.get();
        } finally {
            lock.unlock();
        }
    }

    /**
     * Takes, then prunes.
     *
     * @throws StorageException {@code BRAKE} where a volume's pruning was refused; what was taken stays, and the message
     *     says what was. {@code BUSY} where the policy is being carried out already; nothing is taken then
     */
    public RunReport run(String name) {
        return exclusively(name, () -> takeAndPrune(name));
    }

    private RunReport takeAndPrune(String name) {
        RunReport taken = take(name);
        RunReport pruned = prune(name);
        List<RunReport.OfVolume> both = new ArrayList<>();
        for (RunReport.OfVolume one : taken.volumes()) {
            both.add(pruned.volumes().stream()
                    .filter(other ->
                            other.store().equals(one.store()) && other.volume().equals(one.volume()))
                    .findFirst()
                    .map(other -> joined(one, other))
                    .orElse(one));
        }
        RunReport report = new RunReport(name, both);
        refuseBraked(report);
        return report;
    }

    private static RunReport.OfVolume joined(RunReport.OfVolume taken, RunReport.OfVolume pruned) {
        List<RunReport.Failure> failures = new ArrayList<>(taken.failures());
        failures.addAll(pruned.failures());
        return new RunReport.OfVolume(
                taken.store(), taken.volume(), taken.taken(), taken.unchanged(), pruned.removed(), failures);
    }

    private static void refuseBraked(RunReport report) {
        for (RunReport.OfVolume volume : report.volumes()) {
            for (RunReport.Failure failure : volume.failures()) {
                if (failure.code() == ErrorCode.BRAKE) {
                    throw new StorageException(ErrorCode.BRAKE, failure.detail() + "; " + report.summary())
                            .with("policy", report.policy())
                            .with("store", volume.store())
                            .with("volume", volume.volume());
                }
            }
        }
    }

    /**
     * Where a policy says how much space is to be free and less is, removes one snapshot a store, the oldest that may go; to
     * be called again when the space had time to come back. Answers what was done.
     */
    public List<RunReport> relieve() {
        return book.all().stream()
                .filter(policy -> policy.space().isPresent())
                .map(policy -> new RunReport(policy.name(), relieve(policy)))
                .filter(report -> !report.volumes().isEmpty())
                .toList();
    }

    private List<RunReport.OfVolume> relieve(Policy policy) {
        Instant now = clock.instant();
        return governed(policy).stream().collect(Collectors.groupingBy(Volume::store)).values().stream()
                .flatMap(volumes -> {
                    try {
                        return pruner.relieve(policy, volumes, now).stream();
                    } catch (StorageException unreadable) {
                        LOG.log(System.Logger.Level.DEBUG, unreadable.getMessage());
                        return Stream.empty();
                    }
                })
                .toList();
    }

    /** Removes the undo points that have expired, tagged and held ones excepted; answers how many. */
    public int removeExpiredUndoPoints() {
        return stores.open().stream()
                .flatMap(store -> store.volumes().stream())
                .mapToInt(this::removeExpiredUndoPoints)
                .sum();
    }

    /** What cannot be looked at now is looked at again the next time; its store says what is the matter. */
    private int removeExpiredUndoPoints(Volume volume) {
        try {
            return UndoPoints.removeExpired(volume, clock.instant());
        } catch (StorageException unreadable) {
            LOG.log(
                    System.Logger.Level.DEBUG,
                    "undo points of {0}/{1} stay for now: {2}",
                    volume.store(),
                    volume.name(),
                    unreadable.getMessage());
            return 0;
        }
    }
}
