package io.varve.volume;

import io.varve.catalog.Catalog;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.registry.OpenStore;
import io.varve.spi.Capability;
import io.varve.spi.Driver;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.time.Instant;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/** What everything inside one store works with. */
record StoreParts(
        StoreName name,
        OpenStore open,
        Catalog catalog,
        Journal journal,
        Surroundings surroundings,
        StoreGate gate,
        Optional<RemoteRoot> remote) {
    /**
     * Does work here and now, as an operation; the store is not closed meanwhile.
     *
     * @throws StorageException {@code IO_FAILED} where a server behind the root does not answer; the work may go on then
     */
    <T> T run(String type, Subject subject, Function<Operation, T> work) {
        return surroundings.operations().run(type, subject, operation -> {
            Supplier<T> guarded = () -> gate.during(operation.name(), operation::cancel, () -> work.apply(operation));
            return remote.isPresent()
                    ? remote.get().await(operation.name(), surroundings.patience(), () -> abandon(operation), guarded)
                    : guarded.get();
        });
    }

    private void abandon(Operation operation) {
        operation.cancel();
        gate.trouble();
    }

    /** @throws StorageException {@code IO_FAILED} where the root is not what was opened, or does not answer in time */
    void requirePresent() {
        requireAnswer();
        open.requirePresent();
    }

    /**
     * Asked before a monitor is taken that work on a silent root may have.
     *
     * @throws StorageException {@code IO_FAILED} where a server behind the root does not answer in time
     */
    void requireAnswer() {
        remote.ifPresent(RemoteRoot::requireAnswer);
    }

    /** How the root is, looked at now, and within seconds. */
    StoreHealth health() {
        return StoreHealth.of(open, remote);
    }

    Driver driver() {
        return open.driver();
    }

    StoreLayout layout() {
        return open.layout();
    }

    Instant now() {
        return surroundings.clock().instant();
    }

    boolean can(Capability capability) {
        return driver().capabilities().contains(capability);
    }

    /** Writes an intent down, durably unless the driver's next step makes it so anyway. */
    Journal.Entry begin(Step step, byte[] record) throws IOException {
        boolean commits = step == Step.CREATE_SNAPSHOT && can(Capability.COMMITS_FILESYSTEM);
        return journal.begin(step, record, !commits);
    }
}
