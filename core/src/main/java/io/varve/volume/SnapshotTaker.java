package io.varve.volume;

import io.varve.catalog.RecordFormat;
import io.varve.catalog.SnapshotKind;
import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.spi.Consistency;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.SnapshotOutcome;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * Makes snapshots. The record goes to the journal, durable at the latest together with the snapshot; the driver makes
 * the snapshot; the record moves to the catalog. One sync of ours a snapshot, and none where the driver commits the
 * filesystem: the move need not be durable, because the entry says the same after a crash.
 */
final class SnapshotTaker {
    private static final DateTimeFormatter TIME_STAMP =
            DateTimeFormatter.ofPattern("yyyyMMdd_HHmmss.SSS", Locale.ROOT).withZone(ZoneOffset.UTC);

    private final VolumeParts volume;

    SnapshotTaker(VolumeParts volume) {
        this.volume = volume;
    }

    /** What fills or takes a snapshot once its label is reserved and its record is in the journal. */
    interface Maker {
        SnapshotOutcome make(SnapshotLabel label) throws IOException;
    }

    Snapshot take(SnapshotRequest request, Operation operation) {
        Instant created = volume.store.now();
        SnapshotLabel label = reserve(request.label(), "", created, request.tags());
        return orCancel(
                label,
                () -> make(record(request, label, created), Step.CREATE_SNAPSHOT, name -> volume.store
                        .driver()
                        .createSnapshot(volume.name, name, operation)));
    }

    /** Does the work that a label is reserved for, and gives it back where that fails. */
    Snapshot orCancel(SnapshotLabel label, Supplier<Snapshot> work) {
        try {
            return work.get();
        } catch (RuntimeException | Error failure) {
            volume.index().cancel(label);
            throw failure;
        }
    }

    /** Makes a snapshot whose label is reserved; it stays so where this fails. */
    Snapshot make(SnapshotRecord record, Step step, Maker maker) {
        try {
            Journal.Entry entry = volume.store.begin(step, RecordFormat.write(record));
            SnapshotOutcome outcome = attempt(record.label(), entry, maker);
            return new Snapshot(keep(record, outcome.warnings(), entry), true);
        } catch (IOException failure) {
            throw volume.failed("cannot record snapshot '" + record.label() + "'", failure);
        }
    }

    private SnapshotOutcome attempt(SnapshotLabel label, Journal.Entry entry, Maker maker) throws IOException {
        try {
            return maker.make(label);
        } catch (IOException | RuntimeException failure) {
            forget(label, entry, failure);
            throw failure;
        }
    }

    /** Where the driver failed after all was done, the entry stays and the next open settles it. */
    private void forget(SnapshotLabel label, Journal.Entry entry, Exception failure) {
        try {
            if (!volume.onDisk().contains(label)) {
                volume.store.journal().drop(entry);
            }
        } catch (IOException | StorageException second) {
            failure.addSuppressed(second);
        }
    }

    private SnapshotRecord keep(SnapshotRecord record, List<String> warnings, Journal.Entry entry) throws IOException {
        SnapshotRecord kept = warnings.isEmpty() ? record : record.withWarnings(warnings);
        try {
            place(kept, entry);
        } catch (IOException failure) {
            doubt(record.label(), failure);
            throw failure;
        }
        volume.index().put(kept);
        return kept;
    }

    private void place(SnapshotRecord kept, Journal.Entry entry) throws IOException {
        if (kept.warnings().isEmpty()) {
            volume.store.journal().promote(entry, volume.store.catalog().placeFor(volume.name, kept.label()));
        } else {
            volume.store.catalog().put(kept);
            volume.store.journal().drop(entry);
        }
    }

    private void doubt(SnapshotLabel label, IOException failure) {
        synchronized (volume.index()) {
            volume.records.doubt(label, failure);
        }
    }

    /**
     * Keeps a label for a snapshot to be made.
     *
     * @param prefix of a label made from the time
     */
    SnapshotLabel reserve(Optional<SnapshotLabel> wanted, String prefix, Instant now, List<Tag> tags) {
        SnapshotIndex index = volume.index();
        synchronized (index) {
            volume.requireThere();
            volume.settleRecords();
            SnapshotLabel label = wanted.orElseGet(() -> free(prefix, now));
            if (volume.onDisk().contains(label)) {
                throw volume.about(label, exists(label));
            }
            index.reserve(label, tags);
            return label;
        }
    }

    private StorageException exists(SnapshotLabel label) {
        return new StorageException(
                ErrorCode.SNAPSHOT_EXISTS, "volume '" + volume.name + "' has a snapshot '" + label + "' already");
    }

    /** The first time stamp from now on that no snapshot has. */
    private SnapshotLabel free(String prefix, Instant now) {
        Instant time = now;
        while (true) {
            SnapshotLabel label = SnapshotLabel.parse(volume.name, prefix + TIME_STAMP.format(time));
            if (!volume.index().taken(label) && !volume.onDisk().contains(label)) {
                return label;
            }
            time = time.plusMillis(1);
        }
    }

    private SnapshotRecord record(SnapshotRequest request, SnapshotLabel label, Instant created) {
        return new SnapshotRecord(
                volume.name,
                label,
                request.kind(),
                created,
                request.message(),
                request.tags(),
                List.of(),
                request.policy(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                request.group(),
                Consistency.CRASH);
    }

    /** The record of the state before a rollback. */
    SnapshotRecord undoRecord(SnapshotLabel undo, SnapshotLabel target, Instant now, Instant expires) {
        return new SnapshotRecord(
                volume.name,
                undo,
                SnapshotKind.UNDO,
                now,
                "before the rollback to " + target,
                List.of(),
                List.of(),
                Optional.empty(),
                Optional.of(target),
                Optional.of(expires),
                List.of());
    }
}
