package io.varve.spi;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a driver knows about its store's space.
 *
 * @param space bytes of the filesystem or pool below the store
 * @param data facts for people, in the order they should be shown
 * @param usage figures
 * @param thinPool present where volumes are thin devices of a pool
 * @param errors what could not be found out, for people
 */
public record DriverStatus(
        Space space, Map<String, String> data, List<Usage> usage, Optional<ThinPool> thinPool, List<String> errors) {

    public DriverStatus {
        data = Collections.unmodifiableMap(new LinkedHashMap<>(data));
        usage = List.copyOf(usage);
        errors = List.copyOf(errors);
    }

    /**
     * Space in bytes.
     *
     * @param used total less what is free, blocks reserved for root included
     * @param available what an ordinary writer can still get
     */
    public record Space(long total, long used, long available) {}
}
