package io.varve.registry;

import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;

/** The drivers of one appliance, by type. Thread-safe. */
public final class DriverRegistry {
    private final Map<DriverType, DriverEntry.Found> drivers = new ConcurrentSkipListMap<>();
    private final List<DriverEntry.Broken> broken = new CopyOnWriteArrayList<>();

    /**
     * Adds a driver.
     *
     * @throws StorageException {@code DRIVER_EXISTS} where the type is taken; the earlier one stays
     */
    public void register(DriverProvider provider, DriverEntry.Source source) {
        DriverEntry.Found found = new DriverEntry.Found(provider, source);
        if (drivers.putIfAbsent(provider.type(), found) != null) {
            throw new StorageException(
                            ErrorCode.DRIVER_EXISTS, "a driver of type '" + provider.type() + "' is registered already")
                    .with("driver", provider.type());
        }
    }

    /** Remembers something that should have been a driver, so that it can be shown. */
    public void reject(DriverEntry.Broken entry) {
        broken.add(entry);
    }

    public boolean registered(DriverType type) {
        return drivers.containsKey(type);
    }

    /** Removes a driver; open stores keep theirs. An unknown type is a no-op. */
    public void unregister(DriverType type) {
        drivers.remove(type);
    }

    public Optional<DriverProvider> find(DriverType type) {
        return Optional.ofNullable(drivers.get(type)).map(DriverEntry.Found::provider);
    }

    /** @throws StorageException {@code DRIVER_UNKNOWN} */
    public DriverProvider require(DriverType type) {
        return entry(type).provider();
    }

    /** @throws StorageException {@code DRIVER_UNKNOWN} */
    DriverEntry.Found entry(DriverType type) {
        return Optional.ofNullable(drivers.get(type)).orElseThrow(() -> unknown(type.value()));
    }

    /** Reads the name of a registered driver. */
    public DriverType parse(String name) {
        return drivers.keySet().stream()
                .filter(type -> type.value().equals(name))
                .findFirst()
                .orElseThrow(() -> unknown(name));
    }

    /** The types of all drivers. */
    Set<DriverType> types() {
        return Set.copyOf(drivers.keySet());
    }

    private StorageException unknown(String name) {
        return new StorageException(
                        ErrorCode.DRIVER_UNKNOWN, "there is no driver '" + name + "'; known are " + drivers.keySet())
                .with("driver", name);
    }

    /** Everything found, drivers first, by type. */
    public List<DriverEntry> entries() {
        List<DriverEntry> all = new ArrayList<>(drivers.values());
        all.addAll(broken);
        return all;
    }
}
