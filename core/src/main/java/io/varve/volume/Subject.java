package io.varve.volume;

import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;

import java.util.Optional;

/** What an operation or event is about. */
public record Subject(StoreName store, Optional<VolumeName> volume, Optional<SnapshotLabel> snapshot) {
    public static Subject of(StoreName store) {
        return new Subject(store, Optional.empty(), Optional.empty());
    }

    public static Subject of(StoreName store, VolumeName volume) {
        return new Subject(store, Optional.of(volume), Optional.empty());
    }

    public Subject with(SnapshotLabel label) {
        return new Subject(store, volume, Optional.of(label));
    }

    /** For logs: {@code store/volume/snapshot}. */
    @Override
    public String toString() {
        return store
                + volume.map(name -> "/" + name).orElse("")
                + snapshot.map(label -> "/" + label).orElse("");
    }
}
