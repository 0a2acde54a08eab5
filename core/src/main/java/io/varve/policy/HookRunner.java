package io.varve.policy;

import io.varve.linux.KernelException;
import io.varve.retention.Hooks;
import io.varve.retention.Policy;
import io.varve.spi.Consistency;
import io.varve.spi.StorageException;
import io.varve.volume.Volume;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Supplier;

/** Runs the programs that a policy wants around its snapshots. Thread-safe. */
final class HookRunner {
    private static final System.Logger LOG = System.getLogger(HookRunner.class.getName());

    private final Path directory;

    /** @param directory where it is written down what has yet to run */
    HookRunner(Path directory) {
        this.directory = directory;
    }

    /**
     * What came of work between hooks.
     *
     * @param reached what was prepared for the work and lasted until its end
     * @param failure what went wrong after the work
     */
    record Hooked<T>(T result, Consistency reached, Optional<StorageException> failure) {}

    /**
     * Does work while all these volumes are prepared for it.
     *
     * @throws StorageException what the work throws, and what the preparation does where the policy aborts then; what was
     *     stopped goes on
     */
    <T> Hooked<T> around(Policy policy, List<Volume> volumes, Supplier<T> work) {
        if (policy.hooks().isEmpty()) {
            return new Hooked<>(work.get(), Consistency.CRASH, Optional.empty());
        }
        Hooks hooks = policy.hooks().get();
        List<HookRun> runs = new ArrayList<>();
        try {
            boolean prepared = prepare(policy, hooks, volumes, runs);
            T result = work.get();
            boolean lasted = prepared && runs.stream().allMatch(HookRun::isInTime);
            return new Hooked<>(result, lasted ? hooks.reaches() : Consistency.CRASH, letGo(runs));
        } catch (RuntimeException | Error failure) {
            letGo(runs).ifPresent(failure::addSuppressed);
            throw failure;
        }
    }

    private boolean prepare(Policy policy, Hooks hooks, List<Volume> volumes, List<HookRun> runs) {
        try {
            for (Volume volume : volumes) {
                HookRun run = HookRun.prepare(policy, hooks, volume, directory.resolve(UUID.randomUUID() + ".json"));
                runs.add(run);
                run.before();
            }
            return !hooks.before().isEmpty();
        } catch (StorageException failure) {
            switch (hooks.onFailure()) {
                case ABORT -> throw failure;
                case CONTINUE ->
                    LOG.log(
                            System.Logger.Level.WARNING,
                            "policy " + policy.name() + " goes on without its hooks: " + failure.getMessage());
            }
            return false;
        }
    }

    /** All of them, in the opposite order; the first failure is answered and the others are logged. */
    private static Optional<StorageException> letGo(List<HookRun> runs) {
        Optional<StorageException> first = Optional.empty();
        for (HookRun run : runs.reversed()) {
            try {
                run.after();
            } catch (StorageException failure) {
                LOG.log(System.Logger.Level.ERROR, failure.getMessage());
                first = first.or(() -> Optional.of(failure));
            }
        }
        runs.clear();
        return first;
    }

    /** Runs what a killed appliance left to be run. */
    void settle() {
        if (!Files.isDirectory(directory)) {
            return;
        }
        try (DirectoryStream<Path> records = Files.newDirectoryStream(directory, "*.json")) {
            records.forEach(HookRunner::settle);
        } catch (IOException failure) {
            throw KernelException.storage("cannot read what has yet to run after snapshots", failure);
        }
    }

    private static void settle(Path record) {
        try {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "an earlier process did not end the hooks of a snapshot; they end now");
            HookRun.settle(record);
        } catch (StorageException failure) {
            LOG.log(System.Logger.Level.ERROR, failure.getMessage());
        }
    }
}
