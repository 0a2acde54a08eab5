package io.varve.volume;

import io.varve.catalog.RecordFormat;
import io.varve.catalog.VolumeRecord;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;

/** Grows a volume: the record with the new size waits in the journal, so that size and record agree after a crash. */
final class Resize {
    /** With these the driver has changed nothing; after any other failure the next open grows the volume or gives up. */
    private static final Set<ErrorCode> REFUSALS =
            EnumSet.of(ErrorCode.NO_SHRINK, ErrorCode.NOT_SUPPORTED, ErrorCode.NO_SPACE, ErrorCode.BUSY);

    private final VolumeParts volume;

    Resize(VolumeParts volume) {
        this.volume = volume;
    }

    /** @param record as it will be */
    VolumeRecord run(VolumeRecord record) {
        try {
            Journal.Entry entry = volume.store.begin(Step.RESIZE_VOLUME, RecordFormat.write(record));
            grow(record, entry);
            volume.store.journal().promote(entry, volume.store.catalog().placeFor(volume.name));
            return record;
        } catch (IOException failure) {
            throw volume.failed("cannot record the new size", failure);
        }
    }

    private void grow(VolumeRecord record, Journal.Entry entry) throws IOException {
        try {
            volume.store.driver().resize(volume.name, record.size().orElseThrow());
        } catch (StorageException failure) {
            if (REFUSALS.contains(failure.code())) {
                volume.store.journal().drop(entry);
            }
            throw failure;
        }
    }
}
