package io.varve.spi;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * The service by which a driver is found ({@code META-INF/services/io.varve.spi.DriverProvider}).
 *
 * <p>Instances are made by ServiceLoader, so there is a public constructor without parameters; it and {@link #type}
 * and {@link #options} touch nothing outside the object. All methods may be called from any thread.
 */
public interface DriverProvider {
    /** The technology; unique among all providers of an appliance. */
    DriverType type();

    /** Every option {@link #open} accepts. */
    List<DriverOption> options();

    /** What the drivers of this provider can do. */
    Set<Capability> capabilities();

    /**
     * Whether stores can be opened at this root, and why not. Changes nothing, takes less than a second.
     *
     * @param root absolute; it may not exist yet, then its nearest existing ancestor decides
     */
    Availability probe(Path root);

    /**
     * All that is wrong with these options, one sentence each; empty where {@link #open} accepts them. Unknown keys are
     * reported by the caller against {@link #options}. A driver that names problems of no options at all must be told
     * something first; it is never chosen for a root where none was named.
     */
    List<String> problems(Map<String, String> options);

    /**
     * Opens a store.
     *
     * <p>The caller has made {@link StoreLayout#home} with its sub-directories and holds the store's lock, so no other
     * process works on this root. Before it returns, the driver settles whatever an earlier process left unfinished
     * when it died: a {@link Driver#revert} whose switch had happened is completed (the old head is the undo
     * snapshot), one whose switch had not is undone; half-made snapshots, volumes and removals are cleaned away. After
     * that {@link Driver#volumes} and {@link Driver#snapshots} list whole ones only.
     *
     * @param options checked by {@link #problems}
     * @throws StorageException {@code FILESYSTEM_UNSUITABLE}, {@code PERMISSION_DENIED}, {@code DRIVER_UNAVAILABLE} or
     *     {@code IO_FAILED}; nothing stays open then
     */
    Driver open(StoreLayout layout, Map<String, String> options);
}
