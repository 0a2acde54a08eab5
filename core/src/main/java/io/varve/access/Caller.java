package io.varve.access;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.util.Optional;
import java.util.Set;

/**
 * Somebody who was let in.
 *
 * @param name for people
 * @param stores the names of the stores he may touch; empty is all, and everything that belongs to no store
 */
public record Caller(String name, Role role, Set<String> stores) {
    public Caller {
        stores = Set.copyOf(stores);
    }

    /** Somebody who may do everything. */
    public static Caller trusted(String name) {
        return new Caller(name, Role.ADMIN, Set.of());
    }

    /**
     * Refuses what the caller may not do.
     *
     * @param store whose; empty for what belongs to none
     * @throws StorageException {@code PERMISSION_DENIED}
     */
    public void require(Role needed, Optional<String> store) {
        if (!role.includes(needed)) {
            throw denied("it needs the role " + needed.text() + "; '" + name + "' has " + role.text());
        }
        if (!stores.isEmpty() && !store.map(stores::contains).orElse(false)) {
            throw denied("'" + name + "' may use nothing but the stores " + String.join(", ", stores));
        }
    }

    private static StorageException denied(String why) {
        return new StorageException(ErrorCode.PERMISSION_DENIED, why);
    }
}
