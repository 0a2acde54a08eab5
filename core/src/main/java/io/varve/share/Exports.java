package io.varve.share;

import io.varve.linux.KernelException;
import io.varve.linux.MountTable;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import io.varve.spi.VolumeName;
import io.varve.volume.Event;
import io.varve.volume.Store;
import io.varve.volume.StoreEntry;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What other hosts may use of this appliance's stores. An export is there while its store is open; a rollback gives its
 * clients the new head and touches no other export; it goes with its volume or store. Thread-safe.
 */
public final class Exports {
    private static final System.Logger LOG = System.getLogger(Exports.class.getName());
    private static final int ID_LENGTH = 8;

    private final Stores stores;
    private final ExportBook book;
    private final NfsServer server;
    private final Map<String, Export> exports = new HashMap<>();

    /** What the server was told, by export. */
    private final Map<String, List<NfsServer.Line>> shared = new HashMap<>();

    public Exports(Stores stores, ExportBook book, NfsServer server) {
        this.stores = stores;
        this.book = book;
        this.server = server;
    }

    /**
     * An export as it is now.
     *
     * @param problem why clients cannot use it; empty where they can
     */
    public record Condition(Export export, Optional<Path> path, Optional<String> problem) {}

    /** Whether {@link #add} made an export or found the same one. */
    public record Addition(Condition condition, boolean created) {}

    /** Takes up what was asked for earlier; what fails is logged, and is tried again whenever its store changes. */
    public synchronized void begin(Consumer<String> damaged) {
        book.all(damaged).forEach(export -> exports.put(export.id(), export));
        follow();
    }

    /**
     * Shares a store or a volume. The same again is a success.
     *
     * @param wanted its id is not looked at
     * @throws StorageException {@code STORE_NOT_FOUND}, {@code VOLUME_NOT_FOUND}, {@code REQUEST_INVALID} where a client has
     *     the same by another export already, {@code NOT_SUPPORTED}, {@code FILESYSTEM_UNSUITABLE}, {@code COMMAND_FAILED}
     */
    public synchronized Addition add(Export wanted) {
        Optional<Export> same = exports.values().stream().filter(wanted::isLike).findFirst();
        if (same.isPresent()) {
            return new Addition(condition(same.get()), false);
        }
        requireFree(wanted);
        Export export = new Export(
                newId(), wanted.store(), wanted.volume(), wanted.clients(), wanted.readOnly(), wanted.rootSquash());
        List<NfsServer.Line> lines = lines(export);
        book.put(export);
        exports.put(export.id(), export);
        try {
            share(export, lines);
            writeDown(export.store());
        } catch (RuntimeException failure) {
            forget(export);
            throw failure;
        }
        return new Addition(condition(export), true);
    }

    private String newId() {
        String id = UUID.randomUUID().toString().substring(0, ID_LENGTH);
        return exports.containsKey(id) ? newId() : id;
    }

    private void requireFree(Export wanted) {
        for (Export other : exports.values()) {
            if (other.isOf(wanted)) {
                wanted.clients().stream()
                        .filter(other.clients()::contains)
                        .findFirst()
                        .ifPresent(client -> {
                            throw new StorageException(
                                    ErrorCode.REQUEST_INVALID,
                                    "client '" + client + "' may use " + wanted.subject()
                                            + " already, in another way, by export '" + other.id()
                                            + "'; remove that first");
                        });
            }
        }
    }

    /** The exports of a store, by what they share. */
    public synchronized List<Condition> of(StoreName store) {
        stores.entry(store);
        return exportsOf(store)
                .sorted(Comparator.comparing((Export export) ->
                                export.volume().map(VolumeName::value).orElse(""))
                        .thenComparing(Export::id))
                .map(this::condition)
                .toList();
    }

    private Stream<Export> exportsOf(StoreName store) {
        return exports.values().stream().filter(export -> export.store().equals(store));
    }

    private List<Export> exportsOf(StoreName store, VolumeName volume) {
        return exportsOf(store)
                .filter(export -> export.volume().filter(volume::equals).isPresent())
                .toList();
    }

    private Optional<Export> exportOf(StoreName store, String id) {
        stores.entry(store);
        return exportsOf(store).filter(export -> export.id().equals(id)).findFirst();
    }

    /** @throws StorageException {@code NOT_FOUND} */
    public synchronized Condition find(StoreName store, String id) {
        return exportOf(store, id).map(this::condition).orElseThrow(() -> new StorageException(
                        ErrorCode.NOT_FOUND, "store '" + store + "' has no export '" + id + "'")
                .with("store", store));
    }

    /** Shares it no more. An absent one is a success. */
    public synchronized void remove(StoreName store, String id) {
        exportOf(store, id).ifPresent(this::forget);
    }

    private void forget(Export export) {
        withdraw(export);
        book.remove(export);
        exports.remove(export.id());
        writeDown(export.store());
    }

    private Condition condition(Export export) {
        List<NfsServer.Line> lines = shared.getOrDefault(export.id(), List.of());
        if (lines.isEmpty()) {
            return new Condition(
                    export,
                    Optional.empty(),
                    Optional.of("it is not shared now: its store is not open, or the log says why"));
        }
        Optional<String> problem = NfsServer.isRunning()
                ? Optional.empty()
                : Optional.of("no NFS server runs on this host; start it ('systemctl start nfs-server')");
        return new Condition(export, Optional.of(lines.getFirst().path()), problem);
    }

    private void share(Export export, List<NfsServer.Line> lines) {
        shared.put(export.id(), lines);
        lines.forEach(server::share);
    }

    private void withdraw(Export export) {
        List<NfsServer.Line> lines = shared.remove(export.id());
        if (lines != null) {
            lines.forEach(server::withdraw);
        }
    }

    private void writeDown(StoreName store) {
        server.write(
                store,
                exportsOf(store)
                        .flatMap(export -> shared.getOrDefault(export.id(), List.of()).stream())
                        .toList());
    }

    /** Brings the server in step with the stores there are: for whenever one is opened, closed or removed. */
    public synchronized void follow() {
        for (Export export : List.copyOf(exports.values())) {
            try {
                follow(export);
            } catch (StorageException failure) {
                LOG.log(System.Logger.Level.WARNING, "{0} is not shared: {1}", export.subject(), failure.getMessage());
            }
        }
    }

    private void follow(Export export) {
        Optional<StoreEntry> entry = stores.entries().stream()
                .filter(each -> each.definition().name().equals(export.store()))
                .findFirst();
        if (entry.isEmpty()) {
            forget(export);
        } else if (entry.get() instanceof StoreEntry.Opened && !shared.containsKey(export.id())) {
            share(export, lines(export));
            writeDown(export.store());
        }
    }

    /** What happened to a volume, as far as it concerns those who use it from elsewhere. */
    public void note(Event event) {
        Optional<VolumeName> volume = event.subject().volume();
        if (event.failure().isPresent() || volume.isEmpty()) {
            return;
        }
        switch (event.type()) {
            case "snapshot.rollback" -> renew(event.subject().store(), volume.get());
            case "volume.remove" -> drop(event.subject().store(), volume.get());
            default -> {}
        }
    }

    /** The server has the directory that was the head; looked up anew, the path is the new one. */
    private synchronized void renew(StoreName store, VolumeName volume) {
        if (!exportsOf(store, volume).isEmpty()) {
            server.refresh();
        }
    }

    private synchronized void drop(StoreName store, VolumeName volume) {
        exportsOf(store, volume).forEach(this::forget);
    }

    private List<NfsServer.Line> lines(Export export) {
        Store store = stores.store(export.store());
        Path path = export.volume()
                .map(name -> store.volume(name).path())
                .orElse(store.layout().root());
        requireShareable(export, path);
        String options = options(export, store);
        return export.clients().stream()
                .map(client -> new NfsServer.Line(path, client, options))
                .toList();
    }

    /** What is mounted could not be taken away for a rollback or a release while the server has it. */
    private static void requireShareable(Export export, Path path) {
        try {
            boolean mounted = MountTable.read().within(path).stream()
                    .anyMatch(mount ->
                            export.volume().isPresent() || !mount.point().equals(path));
            if (mounted) {
                throw new StorageException(
                        ErrorCode.NOT_SUPPORTED,
                        "cannot share " + export.subject()
                                + ": its volumes are mounted filesystems of their own, which the"
                                + " NFS server would keep from being rolled back or released");
            }
        } catch (IOException failure) {
            throw KernelException.storage("cannot share '" + path + "'", failure);
        }
    }

    /**
     * A volume is a part of a filesystem: with {@code subtree_check} what a client still knows of a tree that a rollback
     * replaced is stale to it, not another volume's file.
     */
    private static String options(Export export, Store store) {
        return String.join(
                ",",
                export.readOnly() ? "ro" : "rw",
                "sync",
                export.rootSquash() ? "root_squash" : "no_root_squash",
                export.volume().isPresent() ? "subtree_check" : "no_subtree_check",
                "fsid=" + identity(export, store));
    }

    /** The same after a restart, another start of the store, a rollback, and where it is exported again. */
    private static UUID identity(Export export, Store store) {
        String whole = store.id()
                .map(UUID::toString)
                .orElseGet(() -> store.layout().root().toString());
        String named = whole + export.volume().map(volume -> "/" + volume).orElse("");
        return UUID.nameUUIDFromBytes(named.getBytes(StandardCharsets.UTF_8));
    }
}
