package io.varve.volume;

import io.varve.registry.DriverRegistry;
import io.varve.registry.OpenStore;
import io.varve.registry.Roots;
import io.varve.registry.StoreOpener;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;

/** The stores of one appliance, by name. Thread-safe; stores are added and removed one at a time. */
public final class Stores implements AutoCloseable {
    private final StoreOpener opener;
    private final Surroundings surroundings;
    private final StoreBook book;
    private final Map<StoreName, StoreEntry> entries = new ConcurrentSkipListMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();

    public Stores(DriverRegistry drivers, Surroundings surroundings, StoreBook book) {
        this.opener = new StoreOpener(drivers);
        this.surroundings = surroundings;
        this.book = book;
    }

    /** Whom to tell, in the changing thread, that the set of stores or the state of one changed. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    /** Opens what the file names and what was asked for earlier; what fails is kept, with the reason, as closed. */
    public synchronized void openAll(List<StoreDefinition> configured, Consumer<String> damaged) {
        configured.forEach(this::openOrKeep);
        for (StoreDefinition definition : book.all(damaged)) {
            if (!entries.containsKey(definition.name())) {
                openOrKeep(definition);
            }
        }
    }

    private void openOrKeep(StoreDefinition definition) {
        try {
            entries.put(definition.name(), open(definition));
        } catch (StorageException failure) {
            entries.put(definition.name(), new StoreEntry.Closed(definition, failure));
        }
    }

    /** Tries closed ones again; answers what is still closed. */
    public synchronized List<StoreEntry> retryClosed() {
        for (StoreEntry entry : List.copyOf(entries.values())) {
            if (entry instanceof StoreEntry.Closed) {
                openOrKeep(entry.definition());
            }
        }
        return entries.values().stream()
                .filter(StoreEntry.Closed.class::isInstance)
                .toList();
    }

    /** Whether {@link #add} opened a store or found the same one. */
    public record Addition(StoreEntry.Opened entry, boolean created) {}

    /**
     * Opens a store and remembers it. The same again is a success.
     *
     * @throws StorageException {@code STORE_EXISTS} (the name is taken by another), {@code PATH_IS_STORE} (the root is
     *     another store's, lies inside one or holds one), and what {@link StoreOpener#open} throws
     */
    public synchronized Addition add(StoreDefinition wanted) {
        Path root = Roots.canonical(wanted.root());
        StoreEntry there = entries.get(wanted.name());
        if (there instanceof StoreEntry.Opened opened) {
            requireSame(opened, wanted, root);
            return new Addition(opened, false);
        }
        requireFree(wanted.name(), root);
        StoreEntry.Opened opened = open(wanted);
        if (!wanted.readOnly()) {
            book.put(opened.definition());
        }
        entries.put(wanted.name(), opened);
        changed();
        return new Addition(opened, true);
    }

    private void requireSame(StoreEntry.Opened opened, StoreDefinition wanted, Path root) {
        opener.choose(root, wanted.driver());
        StoreDefinition there = opened.definition();
        boolean same = there.root().equals(root)
                && (wanted.driver().isEmpty() || wanted.driver().equals(there.driver()))
                && wanted.options().equals(there.options());
        if (!same) {
            throw new StorageException(
                            ErrorCode.STORE_EXISTS,
                            "there is a store '" + wanted.name() + "' already, at '" + there.root() + "' with driver '"
                                    + opened.store().type() + "'")
                    .with("store", wanted.name());
        }
    }

    private void requireFree(StoreName name, Path root) {
        for (StoreEntry entry : entries.values()) {
            Path other = entry.definition().root();
            if (!entry.definition().name().equals(name) && (other.startsWith(root) || root.startsWith(other))) {
                throw new StorageException(
                        ErrorCode.PATH_IS_STORE,
                        "'" + root + "' and the root '" + other + "' of store '"
                                + entry.definition().name() + "' overlap");
            }
        }
    }

    private StoreEntry.Opened open(StoreDefinition wanted) {
        Path root = Roots.canonical(wanted.root());
        DriverType type = opener.choose(root, wanted.driver());
        OpenStore open = opener.open(root, type, wanted.options());
        Store store = Store.over(wanted.name(), open, surroundings);
        return new StoreEntry.Opened(wanted.resolved(type, root), store);
    }

    /**
     * Releases and closes a store and forgets it; its data stays. An absent one is a success.
     *
     * @throws StorageException {@code REQUEST_INVALID} for one of the configuration file, {@code SHUTDOWN_FAILED}
     */
    public synchronized void remove(StoreName name) {
        StoreEntry entry = entries.get(name);
        if (entry == null) {
            return;
        }
        if (entry.definition().readOnly()) {
            throw new StorageException(
                            ErrorCode.REQUEST_INVALID,
                            "store '" + name + "' is defined in the configuration file; remove it there")
                    .with("store", name);
        }
        close(entry);
        book.remove(name);
        entries.remove(name);
        changed();
    }

    private static void close(StoreEntry entry) {
        if (entry instanceof StoreEntry.Opened opened) {
            opened.store().close();
        }
    }

    public List<StoreEntry> entries() {
        return List.copyOf(entries.values());
    }

    /** @throws StorageException {@code STORE_NOT_FOUND} */
    public StoreEntry entry(StoreName name) {
        return Optional.ofNullable(entries.get(name))
                .orElseThrow(() -> new StorageException(ErrorCode.STORE_NOT_FOUND, "there is no store '" + name + "'")
                        .with("store", name));
    }

    /** An open store. @throws StorageException {@code STORE_NOT_FOUND}, or why it could not be opened */
    public Store store(StoreName name) {
        return switch (entry(name)) {
            case StoreEntry.Opened(StoreDefinition definition, Store store) -> store;
            case StoreEntry.Closed(StoreDefinition definition, StorageException reason) ->
                throw new StorageException(
                                reason.code(), "store '" + name + "' is closed: " + reason.getMessage(), reason)
                        .with("store", name);
        };
    }

    /** The open stores. */
    public List<Store> open() {
        return entries.values().stream()
                .filter(StoreEntry.Opened.class::isInstance)
                .map(entry -> ((StoreEntry.Opened) entry).store())
                .toList();
    }

    /** Splits an absolute path into the open store it is in and what is below the store's root; empty at the root. */
    public Place split(Path path) {
        Path canonical = Roots.canonical(path);
        return open().stream()
                .filter(store -> canonical.startsWith(store.layout().root()))
                .findFirst()
                .map(store -> new Place(
                        store, store.layout().root().relativize(canonical).toString()))
                .orElseThrow(
                        () -> new StorageException(ErrorCode.STORE_NOT_FOUND, "'" + path + "' lies in no open store"));
    }

    /** A place in a store. */
    public record Place(Store store, String volume) {}

    /**
     * Closes every store, the failing ones too far as they let themselves.
     *
     * @throws StorageException {@code SHUTDOWN_FAILED} names all that failed
     */
    @Override
    public synchronized void close() {
        StringBuilder failures = new StringBuilder();
        for (StoreEntry entry : entries.values()) {
            try {
                close(entry);
            } catch (RuntimeException failure) {
                failures.append(' ')
                        .append(entry.definition().name())
                        .append(": ")
                        .append(failure.getMessage());
            }
        }
        entries.clear();
        if (!failures.isEmpty()) {
            throw new StorageException(ErrorCode.SHUTDOWN_FAILED, "could not close:" + failures);
        }
    }
}
