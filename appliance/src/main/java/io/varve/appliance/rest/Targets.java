package io.varve.appliance.rest;

import io.varve.spi.VolumeName;
import io.varve.volume.Store;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

/** Finds what a path names. */
@Singleton
public class Targets {
    private final Stores stores;

    @Inject
    public Targets(Stores stores) {
        this.stores = stores;
    }

    Store store(String store) {
        return stores.store(StoreName.of(store));
    }

    Volume volume(String store, String volume) {
        return store(store).volume(VolumeName.of(volume));
    }
}
