package io.varve.volume;

import io.varve.browse.Accuracy;
import io.varve.browse.TreeDiff;
import io.varve.spi.Capability;
import io.varve.spi.ChangeDetection;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.Work;

import java.nio.file.Path;
import java.util.Optional;

/**
 * Tells whether a head is what the newest snapshot holds. Where the driver can tell, that is all it costs; else the trees
 * are compared by their names and times, up to the first difference.
 */
final class ChangeCheck {
    private final VolumeParts volume;

    ChangeCheck(VolumeParts volume) {
        this.volume = volume;
    }

    /** The newest snapshot where it holds all there is; empty where there is none or something changed. */
    Optional<Snapshot> unchanged() {
        return newest().filter(snapshot -> isCertain(snapshot) || isSame(snapshot));
    }

    private Optional<Snapshot> newest() {
        return volume.snapshots().stream().filter(Snapshot::valid).reduce((older, newer) -> newer);
    }

    private boolean isCertain(Snapshot snapshot) {
        return volume.store.can(Capability.CHANGE_DETECTION)
                && ((ChangeDetection) volume.store.driver()).isUnchanged(volume.name, snapshot.label());
    }

    private boolean isSame(Snapshot snapshot) {
        return volume.store
                .surroundings()
                .operations()
                .run(
                        "snapshot.compare",
                        volume.subject().with(snapshot.label()),
                        operation -> volume.reading(snapshot.label(), () -> isSame(snapshot, operation)));
    }

    /** A head that cannot be compared counts as changed: the snapshot then says what is wrong, or is one too many. */
    private boolean isSame(Snapshot snapshot, Work work) {
        try {
            Path then = volume.store.driver().expose(volume.name, Optional.of(snapshot.label()));
            Path now = volume.store.driver().expose(volume.name, Optional.empty());
            return TreeDiff.isSame(then, now, Accuracy.copied(snapshot.record().created()), work);
        } catch (StorageException failure) {
            if (failure.code() == ErrorCode.CANCELLED) {
                throw failure;
            }
            return false;
        }
    }
}
