package io.varve.registry;

import io.varve.spi.Driver;
import io.varve.spi.StoreLayout;

import java.util.Map;
import java.util.concurrent.atomic.AtomicBoolean;

/** A driver at work on a root that this process alone has. */
public final class OpenStore implements AutoCloseable {
    private final StoreLayout layout;
    private final Map<String, String> options;
    private final Driver driver;
    private final Runnable release;
    private final AtomicBoolean released = new AtomicBoolean();

    /** @param release lets others have the root; called once */
    OpenStore(StoreLayout layout, Map<String, String> options, Driver driver, Runnable release) {
        this.layout = layout;
        this.options = Map.copyOf(options);
        this.driver = driver;
        this.release = release;
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

    /**
     * Closes the driver and lets others have the root; where the driver fails to close, the root stays ours. Idempotent.
     */
    @Override
    public void close() {
        driver.close();
        if (released.compareAndSet(false, true)) {
            release.run();
        }
    }
}
