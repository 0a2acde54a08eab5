package io.varve.volume;

import io.varve.spi.Capability;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

/** Refuses what a driver lacks, always with the same code. */
final class Capabilities {
    private Capabilities() {}

    static void require(StoreParts store, Capability capability, String ability) {
        if (!store.can(capability)) {
            throw new StorageException(
                    ErrorCode.NOT_SUPPORTED,
                    "driver '" + store.layout().type() + "' of store '" + store.name() + "' cannot " + ability);
        }
    }

    /** The driver as one with this ability. */
    static <T> T require(StoreParts store, Capability capability, Class<T> ability, String what) {
        require(store, capability, what);
        return ability.cast(store.driver());
    }
}
