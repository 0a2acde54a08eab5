package io.varve.volume;

import io.varve.catalog.SnapshotRecord;
import io.varve.journal.Step;
import io.varve.linux.TreeUsers;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;

/** Makes a snapshot the head again; the head before is kept as an undo point, also when the process dies midway. */
final class Rollback {
    private static final int NAMED_USERS = 5;

    private final VolumeParts volume;
    private final SnapshotTaker taker;

    Rollback(VolumeParts volume, SnapshotTaker taker) {
        this.volume = volume;
        this.taker = taker;
    }

    RollbackResult run(SnapshotLabel target, boolean force, Optional<Duration> undoFor, Operation operation) {
        Snapshot from = volume.requireValid(target);
        if (!force) {
            requireUnused(volume.store.layout().volume(volume.name));
        }
        Instant now = volume.store.now();
        SnapshotLabel undo = taker.reserve(Optional.empty(), "undo-", now, List.of());
        Instant expires = undoFor.map(now::plus).orElseGet(() -> undoneUntil(now));
        SnapshotRecord record = taker.undoRecord(undo, target, now, expires);
        AtomicReference<List<String>> warnings = new AtomicReference<>(List.of());
        Snapshot kept = taker.orCancel(
                undo,
                () -> taker.make(record, Step.REVERT, label -> {
                    SnapshotOutcome outcome = volume.store.driver().revert(volume.name, target, label, operation);
                    warnings.set(outcome.warnings());
                    return outcome;
                }));
        return new RollbackResult(from, kept, warnings.get());
    }

    /** Until when the state before a rollback can be brought back where the caller does not say. */
    Instant undoneUntil(Instant now) {
        return volume.store.surroundings().undoFor().end(volume.store.name(), volume.name, now);
    }

    /** Who uses the head, for people; open files would go on writing into the undo point. */
    List<String> users() {
        try {
            long self = ProcessHandle.current().pid();
            return TreeUsers.of(volume.store.layout().volume(volume.name)).stream()
                    .filter(user -> user.process() != self)
                    .map(TreeUsers.User::what)
                    .toList();
        } catch (IOException failure) {
            throw volume.failed("cannot find out who uses the head", failure);
        }
    }

    private void requireUnused(Path head) {
        List<String> users = users();
        if (!users.isEmpty()) {
            int more = users.size() - NAMED_USERS;
            String named = String.join("; ", users.subList(0, Math.min(NAMED_USERS, users.size())));
            throw new StorageException(
                    ErrorCode.BUSY,
                    "volume '" + volume.name + "' at '" + head + "' is in use: " + named
                            + (more > 0 ? "; and " + more + " more" : "")
                            + ". Stop them, or force the rollback: they then go on in the undo point");
        }
    }
}
