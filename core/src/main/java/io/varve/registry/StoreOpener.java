package io.varve.registry;

import io.varve.linux.Descriptor;
import io.varve.linux.KernelException;
import io.varve.linux.RealPaths;
import io.varve.spi.Availability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.RootMounting;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Turns a root into an open store, or says why it cannot be one; a refused root is left as it was. */
public final class StoreOpener {
    private final DriverRegistry drivers;

    /** The roots that are open here, or being opened. */
    private final Set<Path> claimed = ConcurrentHashMap.newKeySet();

    public StoreOpener(DriverRegistry drivers) {
        this.drivers = drivers;
    }

    /**
     * The driver for a root: the one named, else the one whose store is there, else the most capable that works there
     * without being told anything.
     *
     * @throws StorageException {@code DRIVER_UNKNOWN}, {@code STORE_OTHER_DRIVER}, {@code DRIVER_UNAVAILABLE}
     */
    public DriverType choose(Path root, Optional<DriverType> wanted) {
        Optional<DriverType> present = Roots.detect(root);
        if (wanted.isPresent()) {
            DriverType type = drivers.require(wanted.get()).type();
            if (present.isPresent() && !present.get().equals(type)) {
                throw new StorageException(
                                ErrorCode.STORE_OTHER_DRIVER,
                                "'" + root + "' is a store of driver '" + present.get() + "', not of '" + type + "'")
                        .with("driver", type);
            }
            return type;
        }
        return present.orElseGet(() -> best(root));
    }

    private DriverType best(Path root) {
        return drivers.entries().stream()
                .filter(DriverEntry.Found.class::isInstance)
                .map(DriverEntry.Found.class::cast)
                .filter(found -> found.provider().problems(Map.of()).isEmpty())
                .filter(found -> found.availability(root) instanceof Availability.Available)
                .map(DriverEntry.Found::provider)
                .max(Comparator.comparingInt((DriverProvider provider) ->
                                provider.capabilities().size())
                        .thenComparing(DriverProvider::type, Comparator.reverseOrder()))
                .orElseThrow(() -> new StorageException(
                        ErrorCode.DRIVER_UNAVAILABLE,
                        "no driver can work at '" + root + "'; 'varve driver list' says why"))
                .type();
    }

    /** Opens the store, or makes one. See {@link #open(Path, DriverType, Map, Expectation)}. */
    public OpenStore open(Path root, DriverType type, Map<String, String> options) {
        return open(root, type, options, Expectation.anything());
    }

    /**
     * Opens the store.
     *
     * @param root canonical
     * @param expected whether one may be made, and which one it must be; {@code BAD_MOUNT} where it is not that
     * @throws StorageException {@code DRIVER_UNKNOWN}, {@code DRIVER_UNAVAILABLE}, {@code FILESYSTEM_UNSUITABLE},
     *     {@code OPTION_INVALID} (with all that is wrong), {@code PATH_IS_STORE} (inside another store, or around
     *     one), {@code NOT_A_DIRECTORY}, {@code PERMISSION_DENIED}, {@code BUSY} (somebody has it)
     */
    public OpenStore open(Path root, DriverType type, Map<String, String> options, Expectation expected) {
        DriverProvider provider = drivers.require(type);
        if (!(provider instanceof RootMounting mounting)) {
            return open(provider, root, options, expected, RootMounting.Mounted.NOTHING);
        }
        checkOptions(provider, options);
        RootMounting.Mounted mounted = mounting.mountRoot(root, options);
        try {
            return open(provider, root, options, expected, mounted);
        } catch (RuntimeException | LinkageError failure) {
            mounted.undo();
            throw failure;
        }
    }

    private OpenStore open(
            DriverProvider provider,
            Path root,
            Map<String, String> options,
            Expectation expected,
            RootMounting.Mounted mounted) {
        StoreLayout layout = new StoreLayout(root, choose(root, Optional.of(provider.type())));
        try {
            expected.check(layout);
            checkPlace(root);
            checkAvailable(drivers.entry(provider.type()), root);
            checkOptions(provider, options);
            new FlagFile(layout).requireKnownFormat(root);
            return open(provider, layout, options, expected, mounted);
        } catch (IOException failure) {
            throw KernelException.storage("cannot open the store at '" + root + "'", failure);
        }
    }

    private void checkPlace(Path root) {
        Path existing = RealPaths.nearestExisting(root);
        if (!Files.isDirectory(existing)) {
            throw new StorageException(ErrorCode.NOT_A_DIRECTORY, "'" + existing + "' is not a directory");
        }
        Roots.enclosing(root, drivers.types()).ifPresent(other -> {
            throw nested(root, other);
        });
        if (Roots.detect(root).isEmpty()) {
            Roots.enclosed(root).ifPresent(other -> {
                throw nested(root, other);
            });
        }
    }

    private static void checkOptions(DriverProvider provider, Map<String, String> options) {
        List<String> problems = new ArrayList<>();
        Set<String> known =
                Set.copyOf(provider.options().stream().map(DriverOption::name).toList());
        options.keySet().stream()
                .filter(key -> !known.contains(key))
                .sorted()
                .forEach(key -> problems.add("unknown option '" + key + "'"));
        problems.addAll(provider.problems(options));
        if (!problems.isEmpty()) {
            throw new StorageException(
                            ErrorCode.OPTION_INVALID,
                            "driver '" + provider.type() + "' refuses its options: " + String.join("; ", problems))
                    .with("driver", provider.type());
        }
    }

    private static void checkAvailable(DriverEntry.Found driver, Path root) {
        switch (driver.availability(root)) {
            case Availability.Available() -> {}
            case Availability.Unavailable(ErrorCode code, String reason) ->
                throw new StorageException(
                                code, "driver '" + driver.type() + "' cannot work at '" + root + "': " + reason)
                        .with("driver", driver.type());
        }
    }

    private OpenStore open(
            DriverProvider provider,
            StoreLayout layout,
            Map<String, String> options,
            Expectation expected,
            RootMounting.Mounted mounted)
            throws IOException {
        Path root = layout.root();
        claim(root);
        Preparation preparation = new Preparation(layout);
        try {
            Descriptor lock = preparation.run();
            // Once more, on what the lock holds: a mount may have gone since the first look.
            expected.check(layout);
            return openDriver(provider, layout, options, () -> {
                lock.close();
                claimed.remove(root);
                mounted.release();
            });
        } catch (IOException | RuntimeException | LinkageError failure) {
            preparation.undo(failure);
            claimed.remove(root);
            throw failure;
        }
    }

    /** The search of the disk may miss, or be faster than, a store that is open or being opened here. */
    private void claim(Path root) {
        synchronized (claimed) {
            for (Path other : claimed) {
                if (!other.equals(root) && (root.startsWith(other) || other.startsWith(root))) {
                    throw nested(root, other);
                }
            }
            if (!claimed.add(root)) {
                throw new StorageException(
                        ErrorCode.BUSY,
                        "the store at '" + root + "' is open already, in this process ("
                                + ProcessHandle.current().pid() + ")");
            }
        }
    }

    private static StorageException nested(Path root, Path other) {
        String how = root.startsWith(other) ? "' lies inside the store at '" : "' has inside it the store at '";
        return new StorageException(
                ErrorCode.PATH_IS_STORE, "'" + root + how + other + "'; one store cannot be part of another");
    }

    private static OpenStore openDriver(
            DriverProvider provider, StoreLayout layout, Map<String, String> options, Runnable release)
            throws IOException {
        Driver driver = provider.open(layout, options);
        try {
            FlagFile flag = new FlagFile(layout);
            if (!flag.exists()) {
                flag.make(layout.type());
            }
            return new OpenStore(layout, options, driver, release);
        } catch (IOException failure) {
            driver.close();
            throw failure;
        }
    }
}
