package io.varve.registry;

import io.varve.linux.Descriptor;
import io.varve.linux.DurableFiles;
import io.varve.linux.KernelException;
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
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Turns a root into an open store, or says why it cannot be one; a refused root is left as it was. */
public final class StoreOpener {
    private static final int FORMAT = 1;
    private static final Pattern FORMAT_FIELD = Pattern.compile("\"format\"\\s*:\\s*([0-9]+)");

    private final DriverRegistry drivers;

    /** The roots that are open here, or being opened. */
    private final Set<Path> claimed = ConcurrentHashMap.newKeySet();

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
     *     {@code OPTION_INVALID} (with all that is wrong), {@code PATH_IS_STORE} (inside another store, or around
     *     one), {@code NOT_A_DIRECTORY}, {@code PERMISSION_DENIED}, {@code BUSY} (somebody has it)
     */
    public OpenStore open(Path root, DriverType type, Map<String, String> options) {
        DriverProvider provider = drivers.require(type);
        StoreLayout layout = new StoreLayout(root, choose(root, Optional.of(type)));
        checkPlace(root);
        checkOptions(provider, options);
        checkAvailable(provider, root);
        try {
            checkFormat(layout);
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

    private static void checkAvailable(DriverProvider provider, Path root) {
        switch (provider.probe(root)) {
            case Availability.Available() -> {}
            case Availability.Unavailable(ErrorCode code, String reason) ->
                throw new StorageException(
                                code, "driver '" + provider.type() + "' cannot work at '" + root + "': " + reason)
                        .with("driver", provider.type());
        }
    }

    private OpenStore open(DriverProvider provider, StoreLayout layout, Map<String, String> options)
            throws IOException {
        Path root = layout.root();
        claim(root);
        Preparation preparation = new Preparation(layout);
        try {
            Descriptor lock = preparation.run();
            Driver driver = openDriver(provider, layout, options);
            return new OpenStore(layout, options, driver, () -> {
                lock.close();
                claimed.remove(root);
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

    private static Driver openDriver(DriverProvider provider, StoreLayout layout, Map<String, String> options)
            throws IOException {
        Driver driver = provider.open(layout, options);
        try {
            writeFlag(layout);
            return driver;
        } catch (IOException failure) {
            driver.close();
            throw failure;
        }
    }

    private static void writeFlag(StoreLayout layout) throws IOException {
        if (!Files.exists(layout.flagFile())) {
            String text = "{\"format\":" + FORMAT + ",\"driver\":\"" + layout.type() + "\"}\n";
            DurableFiles.replace(layout.flagFile(), text.getBytes(StandardCharsets.UTF_8));
        }
    }

    /** A flag file that tells no format is taken for ours: the file's being there is what counts. */
    private static void checkFormat(StoreLayout layout) throws IOException {
        if (!Files.exists(layout.flagFile())) {
            return;
        }
        Matcher format = FORMAT_FIELD.matcher(Files.readString(layout.flagFile(), StandardCharsets.ISO_8859_1));
        if (format.find() && !format.group(1).equals(Integer.toString(FORMAT))) {
            throw new StorageException(
                    ErrorCode.FILESYSTEM_UNSUITABLE,
                    "the store at '" + layout.root() + "' has format " + format.group(1) + ", this version knows "
                            + FORMAT + " alone; open it with the version that made it");
        }
    }
}
