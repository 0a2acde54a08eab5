package io.varve.volume;

import io.varve.catalog.SnapshotRecord;
import io.varve.catalog.Tag;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import org.junit.jupiter.api.Test;

import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIOException;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

class SnapshotRecordsTest {
    private static final VolumeName VOLUME = VolumeName.of("app");
    private static final SnapshotRecord ONE = record("one");
    private static final SnapshotRecord TWO = record("two");
    private static final Tag LATEST = Tag.of("latest");

    private final FailingDisk disk = new FailingDisk();
    private final SnapshotIndex index = new SnapshotIndex(Map.of(ONE.label(), ONE, TWO.label(), TWO));
    private final SnapshotRecords records = new SnapshotRecords(() -> index, disk);

    @Test
    void aTagWhoseRecordIsInPlaceAlthoughItsSyncFailedIsNotFree() {
        disk.unsynced = true;

        assertThatIOException().isThrownBy(() -> records.put(ONE.withTag(LATEST)));

        assertThatThrownBy(() -> index.requireFree(LATEST)).hasMessageContaining("snapshot 'one' carries it");
    }

    @Test
    void whileTheDiskCannotBeReadNothingIsDecidedByWhatMayBeWrong() throws IOException {
        disk.unsynced = true;
        disk.away = true;

        assertThatIOException().isThrownBy(() -> records.put(ONE.withTag(LATEST)));
        assertThatThrownBy(records::settle).hasMessage("the root is away");

        disk.away = false;
        records.settle();
        assertThatThrownBy(() -> index.requireFree(LATEST)).hasMessageContaining("snapshot 'one' carries it");
    }

    @Test
    void aTagThatNeverReachedTheDiskIsFree() throws IOException {
        disk.unwritten = true;

        assertThatIOException().isThrownBy(() -> records.put(ONE.withTag(LATEST)));

        records.settle();
        index.requireFree(LATEST);
        assertThat(index.find(ONE.label())).contains(ONE);
    }

    @Test
    void aSnapshotWhoseRecordReachedTheDiskAlthoughItsMakingFailedIsKnown() throws IOException {
        SnapshotRecord made = record("made").withTag(LATEST);
        index.reserve(made.label(), made.tags());
        disk.records.put(made.label(), made);

        records.doubt(made.label(), new IOException("not synced"));
        index.cancel(made.label());

        records.settle();
        assertThat(index.find(LATEST)).contains(made);
    }

    /** Fails as real ones do: before the record is there, or after. */
    private static final class FailingDisk implements SnapshotRecords.Disk {
        private final Map<SnapshotLabel, SnapshotRecord> records = new HashMap<>(Map.of(ONE.label(), ONE));
        private boolean unwritten;
        private boolean unsynced;
        private boolean away;

        @Override
        public void put(SnapshotRecord record) throws IOException {
            if (!unwritten) {
                records.put(record.label(), record);
            }
            if (unwritten || unsynced) {
                throw new IOException("the disk fails");
            }
        }

        @Override
        public Optional<SnapshotRecord> read(SnapshotLabel label) {
            if (away) {
                throw new StorageException(ErrorCode.IO_FAILED, "the root is away");
            }
            return Optional.ofNullable(records.get(label));
        }
    }

    private static SnapshotRecord record(String label) {
        return Snapshot.withoutRecord(VOLUME, SnapshotLabel.of(label)).record();
    }
}
