package io.varve.registry;

import io.varve.linux.Descriptor;
import io.varve.spi.Driver;
import io.varve.spi.StoreLayout;

import java.util.Map;

/** A driver at work on a root that this process alone has. */
public final class OpenStore implements AutoCloseable {
    private final StoreLayout layout;
    private final Map<String, String> options;
    private final Driver driver;
    private final Descriptor lock;

    OpenStore(StoreLayout layout, Map<String, String> options, Driver driver, Descriptor lock) {
        this.layout = layout;
        this.options = Map.copyOf(options);
        this.driver = driver;
        this.lock = lock;
    }

    public StoreLayout layout() {
        return layout;
    }

    public Map<String, String> options() {
        return options;
    }

    public Driver driver() {
        return driver;
    }

    /** Closes the driver and lets others have the root; where the driver fails to close, the root stays ours. */
    @Override
    public void close() {
        driver.close();
        lock.close();
    }
}
