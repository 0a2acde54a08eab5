package io.varve.volume;

import io.varve.catalog.RecordFormat;
import io.varve.catalog.VolumeRecord;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.linux.KernelException;

import java.io.IOException;

/**
 * Marks a volume as made for imports alone, in the journal too: where they fail or the process dies, it goes again. Its
 * callers have the lock of the volume's name.
 */
final class ImportedVolume {
    private final StoreParts store;
    private final VolumeRecord record;
    private final Journal.Entry entry;
    private int imports = 1;

    private ImportedVolume(StoreParts store, VolumeRecord record, Journal.Entry entry) {
        this.store = store;
        this.record = record;
        this.entry = entry;
    }

    static ImportedVolume begin(StoreParts store, VolumeRecord record) {
        try {
            return new ImportedVolume(store, record, store.begin(Step.IMPORT_VOLUME, RecordFormat.write(record)));
        } catch (IOException failure) {
            throw KernelException.storage("cannot record volume '" + record.name() + "'", failure);
        }
    }

    boolean isOf(VolumeRecord other) {
        return record.created().equals(other.created());
    }

    void enter() {
        imports++;
    }

    /** Whether that was the last one. */
    boolean leave() {
        imports--;
        return imports == 0;
    }

    void forget() {
        try {
            store.journal().drop(entry);
        } catch (IOException failure) {
            throw KernelException.storage("cannot forget that volume '" + record.name() + "' is new", failure);
        }
    }
}
