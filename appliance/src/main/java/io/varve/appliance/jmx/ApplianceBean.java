package io.varve.appliance.jmx;

import io.varve.appliance.cli.Version;
import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.volume.StoreDefinition;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

final class ApplianceBean implements ApplianceMXBean {
    private final Stores stores;
    private final DriverRegistry drivers;

    ApplianceBean(Stores stores, DriverRegistry drivers) {
        this.stores = stores;
        this.drivers = drivers;
    }

    @Override
    public String getVersion() {
        return Version.NUMBER;
    }

    @Override
    public List<String> getStores() {
        return stores.entries().stream()
                .map(entry -> entry.definition().name().value())
                .toList();
    }

    @Override
    public Map<String, String> getDrivers() {
        Map<String, String> found = new TreeMap<>();
        for (DriverEntry entry : drivers.entries()) {
            switch (entry) {
                case DriverEntry.Found driver ->
                    found.put(driver.type().value(), driver.obstacleOnThisHost().orElse("available"));
                case DriverEntry.Broken broken -> found.put(broken.name(), broken.reason());
            }
        }
        return found;
    }

    @Override
    public String getStatus() {
        return stores.statuses().text();
    }

    @Override
    public void addStore(String name, String driver, String root, Map<String, String> options) {
        stores.add(new StoreDefinition(
                StoreName.of(name),
                Optional.of(driver).filter(type -> !type.isEmpty()).map(drivers::parse),
                path(root),
                options,
                false));
    }

    private static Path path(String root) {
        try {
            return Path.of(root);
        } catch (InvalidPathException impossible) {
            throw new StorageException(ErrorCode.REQUEST_INVALID, "the root is not a path: " + impossible.getReason());
        }
    }

    @Override
    public void removeStore(String name) {
        stores.remove(StoreName.of(name));
    }
}
