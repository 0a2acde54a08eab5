package io.varve.registry;

import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.linux.OpenFlag;
import io.varve.spi.Availability;
import io.varve.spi.Driver;
import io.varve.spi.DriverOption;
import io.varve.spi.DriverProvider;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** Turns a root into an open store, or says why it cannot be one; a refused root is left as it was. */
public final class StoreOpener {
    private final DriverRegistry drivers;

    public StoreOpener(DriverRegistry drivers) {
        this.drivers = drivers;
    }

    /**
     * The driver for a root: the one named, else the one whose store is there, else the most capable that works there.
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
                .map(entry -> ((DriverEntry.Found) entry).provider())
                .filter(provider -> provider.probe(root) instanceof Availability.Available)
                .max(Comparator.comparingInt((DriverProvider provider) ->
                                provider.capabilities().size())
                        .thenComparing(DriverProvider::type, Comparator.reverseOrder()))
                .orElseThrow(() -> new StorageException(
                        ErrorCode.DRIVER_UNAVAILABLE,
                        "no driver can work at '" + root + "'; 'varve driver list' says why"))
                .type();
    }

    /**
     * Opens the store.
     *
     * @param root canonical
     * @throws StorageException {@code DRIVER_UNKNOWN}, {@code DRIVER_UNAVAILABLE}, {@code FILESYSTEM_UNSUITABLE},
     *     {@code OPTION_INVALID} (with all that is wrong), {@code PATH_IS_STORE} (inside another store),
     *     {@code NOT_A_DIRECTORY}, {@code PERMISSION_DENIED}, {@code BUSY} (another process has it)
     */
    public OpenStore open(Path root, DriverType type, Map<String, String> options) {
        DriverProvider provider = drivers.require(type);
        StoreLayout layout = new StoreLayout(root, choose(root, Optional.of(type)));
        checkPlace(root);
        checkOptions(provider, options);
        checkAvailable(provider, root);
        try {
            return open(provider, layout, options);
        } catch (IOException failure) {
            throw KernelException.storage("cannot open the store at '" + root + "'", failure);
        }
    }

    private static void checkPlace(Path root) {
        Path existing = Roots.nearestExisting(root);
        if (!Files.isDirectory(existing)) {
            throw new StorageException(ErrorCode.NOT_A_DIRECTORY, "'" + existing + "' is not a directory");
        }
        Roots.enclosing(root).ifPresent(other -> {
            throw new StorageException(
                    ErrorCode.PATH_IS_STORE, "'" + root + "' lies inside the store at '" + other + "'");
        });
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

    private static void checkAvailable(DriverProvider provider, Path root) {
        switch (provider.probe(root)) {
            case Availability.Available() -> {}
            case Availability.Unavailable(ErrorCode code, String reason) ->
                throw new StorageException(
                                code, "driver '" + provider.type() + "' cannot work at '" + root + "': " + reason)
                        .with("driver", provider.type());
        }
    }

    private static OpenStore open(DriverProvider provider, StoreLayout layout, Map<String, String> options)
            throws IOException {
        makeDirectories(layout);
        Descriptor lock = lock(layout);
        try {
            Driver driver = provider.open(layout, options);
            writeFlag(layout);
            return new OpenStore(layout, options, driver, lock);
        } catch (IOException | RuntimeException failure) {
            lock.close();
            throw failure;
        }
    }

    private static void makeDirectories(StoreLayout layout) throws IOException {
        DurableFiles.makeDirectories(layout.root());
        for (Path directory : List.of(layout.snapshots(), layout.catalog(), layout.journal(), layout.driverPrivate())) {
            boolean fresh = !Files.exists(directory);
            DurableFiles.makeDirectories(directory);
            boolean open = directory.equals(layout.snapshots());
            if (fresh) {
                Kernel.setPermissions(directory, open ? 0755 : 0700);
            }
        }
    }

    /** The lock file's text is the process that has it, for the refusal of the next one. */
    private static Descriptor lock(StoreLayout layout) throws IOException {
        Path file = layout.home().resolve("lock");
        Descriptor lock = Kernel.open(file, OpenFlag.READ_WRITE, OpenFlag.CREATE, OpenFlag.NO_FOLLOW);
        if (lock.tryLock()) {
            Files.writeString(file, ProcessHandle.current().pid() + "\n", StandardCharsets.US_ASCII);
            return lock;
        }
        lock.close();
        throw new StorageException(
                ErrorCode.BUSY,
                "the store at '" + layout.root() + "' is open in process "
                        + Files.readString(file, StandardCharsets.US_ASCII).strip());
    }

    private static void writeFlag(StoreLayout layout) throws IOException {
        if (!Files.exists(layout.flagFile())) {
            String text = "{\"format\":1,\"driver\":\"" + layout.type() + "\"}\n";
            DurableFiles.replace(layout.flagFile(), text.getBytes(StandardCharsets.UTF_8));
        }
    }
}
