package io.varve.volume;

import io.varve.catalog.SnapshotRecord;
import io.varve.journal.Step;
import io.varve.linux.TreeUsers;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
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
        TreeUsers.Report seen = look();
        if (!force) {
            requireUnused(users(seen));
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
        List<String> told = new ArrayList<>(warnings.get());
        told.addAll(doubts(seen));
        return new RollbackResult(from, kept, told);
    }

    /** Until when the state before a rollback can be brought back where the caller does not say. */
    Instant undoneUntil(Instant now) {
        return volume.store.surroundings().undoFor().end(volume.store.name(), volume.name, now);
    }

    /** Who uses the head, for people; what they write after a rollback does not reach the volume. */
    List<String> users() {
        return users(look());
    }

    private TreeUsers.Report look() {
        try {
            return TreeUsers.look(volume.store.layout().volume(volume.name));
        } catch (IOException failure) {
            throw volume.failed("cannot find out who uses the head", failure);
        }
    }

    private static List<String> users(TreeUsers.Report report) {
        long self = ProcessHandle.current().pid();
        return report.users().stream()
                .filter(user -> user.process() != self)
                .map(TreeUsers.User::what)
                .toList();
    }

    /** What a person should know about who uses the head and could not be found out. */
    List<String> doubts() {
        return doubts(look());
    }

    private static List<String> doubts(TreeUsers.Report seen) {
        int unseen = seen.unseen();
        return unseen == 0
                ? List.of()
                : List.of(
                        unseen + " processes of other users could not be looked at, which takes root: whether they use"
                                + " the volume is not known, and what they write there afterwards would be lost");
    }

    private void requireUnused(List<String> users) {
        if (!users.isEmpty()) {
            int more = users.size() - NAMED_USERS;
            String named = String.join("; ", users.subList(0, Math.min(NAMED_USERS, users.size())));
            throw new StorageException(
                    ErrorCode.BUSY,
                    "volume '" + volume.name + "' at '" + volume.store.layout().volume(volume.name) + "' is in use: "
                            + named
                            + (more > 0 ? "; and " + more + " more" : "")
                            + ". Stop them, or force the rollback: they then keep the old tree, and what they write from"
                            + " then on does not reach the volume and is lost");
        }
    }
}
