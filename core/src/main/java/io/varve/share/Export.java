package io.varve.share;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;

import java.util.List;
import java.util.Optional;

/**
 * A store, or one volume of it, that other hosts may use.
 *
 * @param id never used again
 * @param volume empty for the whole store
 * @param clients who may
 * @param rootSquash whether root of a client is nobody here
 */
public record Export(
        String id,
        StoreName store,
        Optional<VolumeName> volume,
        List<Client> clients,
        boolean readOnly,
        boolean rootSquash) {
    public Export {
        clients = clients.stream().distinct().sorted().toList();
        if (clients.isEmpty()) {
            throw new StorageException(ErrorCode.REQUEST_INVALID, "no client is named; '*' is everybody");
        }
    }

    /** Whether it is of the same place. */
    boolean isOf(Export other) {
        return store.equals(other.store) && volume.equals(other.volume);
    }

    /** Whether it says the same. */
    boolean isLike(Export other) {
        return isOf(other)
                && clients.equals(other.clients)
                && readOnly == other.readOnly
                && rootSquash == other.rootSquash;
    }

    /** For people. */
    String subject() {
        return volume.map(name -> "volume '" + name + "' of store '" + store + "'")
                .orElse("store '" + store + "'");
    }
}
