package io.varve.volume;

import io.varve.registry.DriverRegistry;
import io.varve.registry.Expectation;
import io.varve.registry.OpenStore;
import io.varve.registry.Roots;
import io.varve.registry.StoreOpener;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.status.Statuses;
import io.varve.status.StoreStatus;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Consumer;
import java.util.function.Supplier;
import java.util.stream.Stream;

/**
 * The stores of one appliance, by name. Thread-safe; one thing at a time is done to one store, and a root that does not
 * answer keeps nobody from the other stores.
 */
public final class Stores implements AutoCloseable {
    private static final System.Logger LOG = System.getLogger(Stores.class.getName());
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final StoreOpener opener;
    private final Surroundings surroundings;
    private final StoreBook book;
    private final StoreLocks changing;
    private final Map<StoreName, StoreEntry> entries = new ConcurrentSkipListMap<>();
    private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
    private volatile boolean ended;

    public Stores(DriverRegistry drivers, Surroundings surroundings, StoreBook book) {
        this.opener = new StoreOpener(drivers);
        this.surroundings = surroundings;
        this.book = book;
        this.changing = new StoreLocks(surroundings.patience());
    }

    /** Whom to tell, in the changing thread, that the set of stores or the state of one changed. */
    public void onChange(Runnable listener) {
        listeners.add(listener);
    }

    private void changed() {
        listeners.forEach(Runnable::run);
    }

    /**
     * Opens what the file names and what was asked for earlier; what fails is kept, with the reason, as closed. So is for
     * the time being what takes longer than the patience for any operation.
     */
    public void openAll(List<StoreDefinition> configured, Consumer<String> damaged) {
        book.forgetAllBut(configured);
        List<StoreDefinition> all = new ArrayList<>(configured);
        all.addAll(book.all(damaged));
        for (StoreDefinition definition : all) {
            StoreEntry.Closed pending = pending(definition);
            if (entries.putIfAbsent(definition.name(), pending) == null) {
                await(List.of(opening(pending)), surroundings.patience());
            }
        }
    }

    private static StoreEntry.Closed pending(StoreDefinition definition) {
        return new StoreEntry.Closed(
                definition,
                new StorageException(
                        ErrorCode.BUSY,
                        "it is still being opened; where that goes on, the filesystem of '" + definition.root()
                                + "' does not answer"));
    }

    /** A thread of its own for each: a root that does not answer would keep this one for ever. */
    private Thread opening(StoreEntry.Closed entry) {
        return Thread.ofPlatform()
                .name("open-" + entry.definition().name())
                .daemon()
                .start(() -> changing.ifFree(entry.definition().name(), () -> openOrKeep(entry)));
    }

    private static void await(List<Thread> threads, Duration patience) {
        long end = System.nanoTime() + patience.toNanos();
        try {
            for (Thread thread : threads) {
                thread.join(Duration.ofNanos(Math.max(1, end - System.nanoTime())));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    private void openOrKeep(StoreEntry.Closed entry) {
        StoreDefinition definition = entry.definition();
        if (entries.get(definition.name()) != entry) {
            return;
        }
        try {
            reopen(definition);
        } catch (StorageException failure) {
            entries.replace(definition.name(), entry, new StoreEntry.Closed(definition, failure));
        } catch (RuntimeException | LinkageError bug) {
            LOG.log(System.Logger.Level.ERROR, "store " + definition.name() + " cannot be opened", bug);
            StorageException failure = new StorageException(ErrorCode.IO_FAILED, "internal error; the log has it", bug);
            entries.replace(definition.name(), entry, new StoreEntry.Closed(definition, failure));
        }
    }

    /** Opens one that is in the book or in the configuration file; only one that was never open is made. */
    private StoreEntry.Opened reopen(StoreDefinition definition) {
        Optional<StoreBook.Known> known = book.known(definition);
        Expectation expected = known.map(store -> Expectation.known(store.id())).orElseGet(Expectation::anything);
        Optional<DriverType> driver = definition
                .driver()
                .or(() -> known.flatMap(store -> store.definition().driver()));
        StoreEntry.Opened opened = open(definition, driver, expected);
        StoreBook.Known now = known(definition, opened);
        if (!known.equals(Optional.of(now))) {
            note(now);
        }
        return enter(opened);
    }

    /** The root stays as it is written: in the configuration file that is what tells one place from another. */
    private static StoreBook.Known known(StoreDefinition wanted, StoreEntry.Opened opened) {
        StoreDefinition resolved = wanted.resolved(opened.store().type(), wanted.root());
        return new StoreBook.Known(resolved, opened.store().id());
    }

    /** A full disk of the appliance's own is no reason to keep a store closed. */
    private void note(StoreBook.Known store) {
        try {
            book.put(store);
        } catch (StorageException failure) {
            LOG.log(System.Logger.Level.WARNING, failure.getMessage());
        }
    }

    private StoreEntry.Opened open(StoreDefinition wanted, Optional<DriverType> driver, Expectation expected) {
        Path root = Roots.canonical(wanted.root());
        DriverType type = opener.choose(root, driver);
        OpenStore open = opener.open(root, type, wanted.options(), expected);
        Store store = Store.over(wanted.name(), open, surroundings);
        return new StoreEntry.Opened(wanted.resolved(type, root), store);
    }

    /** From here on it can be found; one that comes when all is over goes again. */
    private StoreEntry.Opened enter(StoreEntry.Opened opened) {
        entries.put(opened.definition().name(), opened);
        if (ended) {
            close(opened);
            throw new StorageException(ErrorCode.SHUTDOWN_FAILED, "the appliance ends");
        }
        changed();
        return opened;
    }

    /** Tries closed ones again, for a few seconds; answers what is still closed. */
    public List<StoreEntry> retryClosed() {
        await(closed().map(this::opening).toList(), RETRY);
        return closed().map(StoreEntry.class::cast).toList();
    }

    /**
     * Opens stores anew, for a few seconds, in which something failed half-way and whose root can be worked with again:
     * that finishes or undoes it. One at work waits for a quieter moment.
     */
    public void reopenTroubled() {
        List<Thread> threads = new ArrayList<>();
        for (StoreEntry entry : entries.values()) {
            if (entry instanceof StoreEntry.Opened opened) {
                threads.add(Thread.ofPlatform()
                        .name("reopen-" + opened.definition().name())
                        .daemon()
                        .start(() -> changing.ifFree(opened.definition().name(), () -> openAnew(opened))));
            }
        }
        await(threads, RETRY);
    }

    /** One that was never noted stays as it is: as an unknown one it might be made anew. */
    private void openAnew(StoreEntry.Opened opened) {
        boolean current = entries.get(opened.definition().name()) == opened;
        if (current && opened.store().needsOpeningAnew()) {
            try {
                book.asWritten(opened.definition()).ifPresent(written -> openAnew(opened, written));
            } catch (StorageException failure) {
                LOG.log(System.Logger.Level.WARNING, failure.getMessage());
            }
        }
    }

    private void openAnew(StoreEntry.Opened opened, StoreDefinition written) {
        try {
            if (opened.store().closeIfIdle()) {
                StoreEntry.Closed pending = pending(written);
                entries.put(written.name(), pending);
                openOrKeep(pending);
            }
        } catch (StorageException failure) {
            entries.put(written.name(), new StoreEntry.Closed(written, failure));
        }
    }

    private Stream<StoreEntry.Closed> closed() {
        return entries.values().stream()
                .filter(StoreEntry.Closed.class::isInstance)
                .map(StoreEntry.Closed.class::cast);
    }

    /** Whether {@link #add} opened a store or found the same one. */
    public record Addition(StoreEntry.Opened entry, boolean created) {}

    /**
     * Opens a store and remembers it. The same again is a success; where the same is closed, it is tried again.
     *
     * @throws StorageException {@code STORE_EXISTS} (the name is taken by another), {@code PATH_IS_STORE} (the root is
     *     another store's, lies inside one or holds one), and what {@link StoreOpener#open} throws
     */
    public Addition add(StoreDefinition wanted) {
        return changing.during(wanted.name(), () -> {
            Path root = Roots.canonical(wanted.root());
            Optional<StoreEntry> there = Optional.ofNullable(entries.get(wanted.name()));
            there.ifPresent(entry -> requireSame(entry, wanted, root));
            return there.map(this::again).orElseGet(() -> new Addition(create(wanted, root), true));
        });
    }

    private Addition again(StoreEntry entry) {
        return switch (entry) {
            case StoreEntry.Opened opened -> new Addition(opened, false);
            case StoreEntry.Closed closed -> new Addition(reopen(closed.definition()), false);
        };
    }

    private StoreEntry.Opened create(StoreDefinition wanted, Path root) {
        requireFree(root);
        StoreEntry.Opened opened = open(wanted, wanted.driver(), Expectation.anything());
        try {
            book.put(known(opened.definition(), opened));
        } catch (StorageException failure) {
            giveUp(opened, failure);
            throw failure;
        }
        return enter(opened);
    }

    private static void giveUp(StoreEntry.Opened opened, StorageException cause) {
        try {
            close(opened);
        } catch (StorageException failure) {
            cause.addSuppressed(failure);
        }
    }

    private void requireSame(StoreEntry entry, StoreDefinition wanted, Path root) {
        if (entry instanceof StoreEntry.Opened) {
            opener.choose(root, wanted.driver());
        }
        StoreDefinition there = entry.definition();
        if (!there.satisfies(wanted, Roots.canonical(there.root()), root)) {
            throw new StorageException(
                            ErrorCode.STORE_EXISTS,
                            "there is a store '" + wanted.name() + "' already, at '" + there.root() + "'"
                                    + there.driver()
                                            .map(driver -> " with driver '" + driver + "'")
                                            .orElse(""))
                    .with("store", wanted.name());
        }
    }

    private void requireFree(Path root) {
        for (StoreEntry entry : entries.values()) {
            Path other = entry.definition().root();
            if (other.startsWith(root) || root.startsWith(other)) {
                throw new StorageException(
                        ErrorCode.PATH_IS_STORE,
                        "'" + root + "' and the root '" + other + "' of store '"
                                + entry.definition().name() + "' overlap");
            }
        }
    }

    /**
     * Releases and closes a store and forgets it; its data stays. An absent one is a success.
     *
     * @throws StorageException {@code REQUEST_INVALID} for one of the configuration file, {@code SHUTDOWN_FAILED},
     *     {@code BUSY} while it is being opened
     */
    public void remove(StoreName name) {
        changing.during(name, () -> {
            Optional.ofNullable(entries.get(name)).ifPresent(this::remove);
            return name;
        });
    }

    private void remove(StoreEntry entry) {
        StoreDefinition definition = entry.definition();
        if (definition.readOnly()) {
            throw new StorageException(
                            ErrorCode.REQUEST_INVALID,
                            "store '" + definition.name() + "' is defined in the configuration file; remove it there")
                    .with("store", definition.name());
        }
        close(entry);
        try {
            book.remove(definition);
        } catch (StorageException failure) {
            // What could not be forgotten is not gone: as a closed one it is opened again.
            entries.put(definition.name(), new StoreEntry.Closed(definition, failure));
            throw failure;
        }
        entries.remove(definition.name());
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

    /** The status of every store, or why it has none: it is closed, its root is gone, its driver cannot tell. */
    public Statuses statuses() {
        Map<String, Supplier<StoreStatus>> sources = new HashMap<>();
        entries.values().forEach(entry -> sources.put(entry.definition().name().value(), () -> status(entry)));
        return Statuses.collect(sources);
    }

    private static StoreStatus status(StoreEntry entry) {
        return switch (entry) {
            case StoreEntry.Closed closed -> throw closed.reason();
            case StoreEntry.Opened opened -> {
                opened.condition().problem().ifPresent(problem -> {
                    throw new StorageException(ErrorCode.IO_FAILED, problem);
                });
                yield opened.store().statusReport();
            }
        };
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
    public void close() {
        ended = true;
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
