package io.varve.volume;

import io.varve.catalog.Catalog;
import io.varve.catalog.RecordFormat;
import io.varve.catalog.VolumeRecord;
import io.varve.journal.Journal;
import io.varve.journal.Step;
import io.varve.linux.Kernel;
import io.varve.linux.KernelException;
import io.varve.registry.OpenStore;
import io.varve.spi.Capability;
import io.varve.spi.DriverStatus;
import io.varve.spi.DriverType;
import io.varve.spi.ErrorCode;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.StorageException;
import io.varve.spi.StoreLayout;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.status.StoreStatus;

import java.io.IOException;
import java.io.InputStream;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentSkipListMap;

/** A driver opened on a root, with the volumes there. Thread-safe. */
public final class Store implements AutoCloseable {
    private final StoreParts parts;
    private final Map<VolumeName, Volume> volumes = new ConcurrentSkipListMap<>();
    private final NameLocks<VolumeName> creating = new NameLocks<>();
    private final Map<VolumeName, ImportedVolume> imported = new ConcurrentHashMap<>();

    private Store(StoreParts parts) {
        this.parts = parts;
    }

    /**
     * Takes over an open driver: finishes or undoes what an earlier process left, then reads which volumes there are.
     *
     * @throws StorageException {@code IO_FAILED}; the driver is closed then
     */
    public static Store over(StoreName name, OpenStore open, Surroundings surroundings) {
        StoreLayout layout = open.layout();
        try {
            Catalog catalog = new Catalog(layout.catalog());
            Optional<RemoteRoot> remote = RemoteRoot.of(open, surroundings.clock());
            StoreParts parts = new StoreParts(
                    name,
                    open,
                    catalog,
                    new Journal(layout.journal()),
                    surroundings,
                    new StoreGate(name, () -> StoreHealth.of(open, remote).good()),
                    remote);
            List<VolumeRecord> halfRemoved = new Recovery(parts).run();
            Store store = new Store(parts);
            catalog.volumes().forEach(record -> store.volumes.put(record.name(), new Volume(parts, record)));
            halfRemoved.forEach(record -> store.volumes.put(record.name(), new Volume(parts, record)));
            return store;
        } catch (IOException failure) {
            open.close();
            throw KernelException.storage("cannot open the store at '" + layout.root() + "'", failure);
        } catch (RuntimeException failure) {
            open.close();
            throw failure;
        }
    }

    public StoreName name() {
        return parts.name();
    }

    public DriverType type() {
        return parts.layout().type();
    }

    public StoreLayout layout() {
        return parts.layout();
    }

    /** Which store this is, wherever its root is; empty for one whose flag file does not say. */
    public Optional<UUID> id() {
        return parts.open().id();
    }

    public Map<String, String> options() {
        return parts.open().options();
    }

    public boolean can(Capability capability) {
        return parts.can(capability);
    }

    /**
     * Makes an empty volume.
     *
     * @throws StorageException {@code VOLUME_EXISTS}, {@code NOT_SUPPORTED} (a size this driver does not know),
     *     {@code NO_SPACE}
     */
    public Volume createVolume(VolumeName name, VolumeSpec spec) {
        Subject subject = Subject.of(parts.name(), name);
        return parts.run("volume.create", subject, operation -> creating.during(name, () -> create(name, spec)));
    }

    private Volume create(VolumeName name, VolumeSpec spec) {
        parts.requirePresent();
        if (volumes.containsKey(name)) {
            forgetImport(name);
            throw exists("has a volume '" + name + "' already");
        }
        if (spec.size().isPresent()) {
            Capabilities.require(parts, Capability.RESIZE, "give volumes a size");
        }
        return create(new VolumeRecord(name, parts.now(), spec.size()), spec);
    }

    private StorageException exists(String how) {
        return new StorageException(ErrorCode.VOLUME_EXISTS, "store '" + parts.name() + "' " + how);
    }

    private Volume create(VolumeRecord record, VolumeSpec spec) {
        VolumeName name = record.name();
        requireNothingForeign(name);
        try {
            Journal.Entry entry = parts.begin(Step.CREATE_VOLUME, RecordFormat.write(record));
            make(name, spec, entry);
            parts.journal().promote(entry, parts.catalog().placeFor(name));
        } catch (IOException failure) {
            throw KernelException.storage("cannot record volume '" + name + "'", failure);
        }
        Volume volume = new Volume(parts, record);
        volumes.put(name, volume);
        return volume;
    }

    /** Asked before the journal has an entry, which after a crash would make somebody else's tree this volume. */
    private void requireNothingForeign(VolumeName name) {
        parts.requirePresent();
        if (parts.driver().volumes().contains(name)) {
            throw exists("has no record of a volume '" + name + "', but what looks like one is at '"
                    + parts.layout().volume(name) + "'; move it away or choose another name");
        }
    }

    private void make(VolumeName name, VolumeSpec spec, Journal.Entry entry) throws IOException {
        try {
            parts.driver().createVolume(name, spec);
        } catch (RuntimeException failure) {
            forget(name, entry, failure);
            throw failure;
        }
    }

    /** Where the driver failed after all was done, the entry stays and the next open settles it. */
    private void forget(VolumeName name, Journal.Entry entry, RuntimeException failure) {
        try {
            if (isRefusal(failure) || !parts.driver().volumes().contains(name)) {
                parts.journal().drop(entry);
            }
        } catch (IOException | StorageException second) {
            failure.addSuppressed(second);
        }
    }

    /** Something was there first. */
    private static boolean isRefusal(RuntimeException failure) {
        return failure instanceof StorageException refusal
                && (refusal.code() == ErrorCode.VOLUME_EXISTS || refusal.code() == ErrorCode.PATH_IS_STORE);
    }

    /**
     * Removes a volume with all its snapshots. An absent volume is a success.
     *
     * @param plan the token of {@link #planRemoval}
     * @throws StorageException {@code HELD} where a snapshot is held, {@code BUSY}, {@code PLAN_STALE},
     *     {@code VOLUME_REMOVAL_FAILED}
     */
    public void removeVolume(VolumeName name, Optional<String> plan) {
        Volume volume = volumes.get(name);
        if (volume == null) {
            return;
        }
        volume.parts.exclusivelyIfThere("volume.remove", operation -> {
            volume.remove(plan, operation);
            volumes.remove(name, volume);
        });
    }

    public void removeVolume(VolumeName name) {
        removeVolume(name, Optional.empty());
    }

    /**
     * Makes a snapshot of an archive, and the volume where there is none; that one goes again where the archive is bad,
     * unless somebody has begun to use it.
     *
     * @throws StorageException what {@link Volume#importFrom} throws
     */
    public Snapshot importArchive(VolumeName name, String label, InputStream source) {
        Capabilities.require(parts, Capability.IMPORT, "import snapshots");
        SnapshotLabel wanted = SnapshotLabel.parse(name, label);
        Volume volume = creating.during(name, () -> findOrImport(name));
        try {
            Snapshot made = volume.importFrom(wanted, source);
            creating.during(name, () -> endImport(volume));
            return made;
        } catch (RuntimeException failure) {
            try {
                creating.during(name, () -> endImport(volume));
            } catch (StorageException second) {
                failure.addSuppressed(second);
            }
            throw failure;
        }
    }

    private Volume findOrImport(VolumeName name) {
        Optional<Volume> found = find(name);
        if (found.isPresent()) {
            Optional.ofNullable(imported.get(name)).ifPresent(ImportedVolume::enter);
            return found.get();
        }
        Subject subject = Subject.of(parts.name(), name);
        return parts.run("volume.create", subject, operation -> {
            VolumeRecord record = new VolumeRecord(name, parts.now(), OptionalLong.empty());
            ImportedVolume mark = ImportedVolume.begin(parts, record);
            try {
                Volume volume = create(record, VolumeSpec.unlimited());
                imported.put(name, mark);
                return volume;
            } catch (RuntimeException failure) {
                mark.forget();
                throw failure;
            }
        });
    }

    /** A volume that is there for imports alone goes with the last of them, where none was good and nobody uses it. */
    private boolean endImport(Volume volume) {
        ImportedVolume mark = imported.get(volume.name());
        if (mark == null || !mark.isOf(volume.record())) {
            return false;
        }
        boolean last = mark.leave();
        try {
            if (last && volume.snapshotCount() == 0) {
                volume.parts.exclusivelyIfThere("volume.remove", operation -> {
                    if (volume.isUnused()) {
                        volume.remove(Optional.empty(), operation);
                        volumes.remove(volume.name(), volume);
                    }
                });
            }
        } finally {
            if (last || volume.snapshotCount() > 0) {
                forgetImport(volume.name());
            }
        }
        return last;
    }

    /** From here on the volume is one like any other. */
    private void forgetImport(VolumeName name) {
        ImportedVolume mark = imported.remove(name);
        if (mark != null) {
            mark.forget();
        }
    }

    /** What {@link #removeVolume} would do. @throws StorageException {@code VOLUME_NOT_FOUND} */
    public Plan planRemoval(VolumeName name) {
        return volume(name).planRemoval();
    }

    /** The volumes, by name. */
    public List<Volume> volumes() {
        return List.copyOf(volumes.values());
    }

    public Optional<Volume> find(VolumeName name) {
        return Optional.ofNullable(volumes.get(name));
    }

    /** @throws StorageException {@code VOLUME_NOT_FOUND} */
    public Volume volume(VolumeName name) {
        return find(name).orElseThrow(() -> new StorageException(
                        ErrorCode.VOLUME_NOT_FOUND, "store '" + parts.name() + "' has no volume '" + name + "'")
                .with("store", parts.name())
                .with("volume", name));
    }

    /** A snapshot found by its full name alone. */
    public record Located(Volume volume, SnapshotLabel label) {}

    /**
     * Resolves a full snapshot name: of the volumes whose name and {@code _} it begins with, the longest.
     *
     * @throws StorageException {@code SNAPSHOT_NOT_FOUND}
     */
    public Located locate(String fullName) {
        return volumes.values().stream()
                .filter(volume -> fullName.startsWith(volume.name() + "_")
                        && fullName.length() > volume.name().value().length() + 1)
                .max(Comparator.comparingInt(volume -> volume.name().value().length()))
                .map(volume -> new Located(volume, volume.label(fullName)))
                .orElseThrow(() -> new StorageException(
                        ErrorCode.SNAPSHOT_NOT_FOUND,
                        "store '" + parts.name() + "' has no volume that '" + fullName + "' could be a snapshot of"));
    }

    /** The owner of a volume or snapshot name: the volume of that name, else the one the snapshot is of. */
    public Volume tenantOf(String name) {
        Optional<Volume> volume = volumes.values().stream()
                .filter(each -> each.name().value().equals(name))
                .findFirst();
        return volume.orElseGet(() -> {
            Located located = locate(name);
            located.volume().snapshot(located.label());
            return located.volume();
        });
    }

    public DriverStatus status() {
        parts.requirePresent();
        return parts.driver().status();
    }

    /** The same with the driver's name, and as text for people. */
    public StoreStatus statusReport() {
        return new StoreStatus(type(), status());
    }

    /** How the store is, looked at now. */
    public StoreHealth health() {
        StoreHealth root = parts.health();
        return parts.gate().isTroubled() ? root.unsettled() : root;
    }

    /**
     * Whether opening this store anew would help: something failed half-way and the root is well again, or the root's
     * disk came back as another device.
     */
    boolean needsOpeningAnew() {
        if (parts.open().absence().isPresent()) {
            return isStoreAtRoot();
        }
        return parts.gate().isTroubled() && parts.health().good();
    }

    private boolean isStoreAtRoot() {
        try {
            return Kernel.exists(layout().flagFile());
        } catch (IOException unknown) {
            return false;
        }
    }

    /** Closes where nothing runs; false, and nothing done, where something does. @throws StorageException as close */
    boolean closeIfIdle() {
        if (!parts.gate().closeIfIdle()) {
            return false;
        }
        parts.open().close();
        return true;
    }

    /**
     * Lets no new work begin, asks what runs to stop, waits for it, and ends the driver; data stays. Idempotent.
     *
     * @throws StorageException {@code SHUTDOWN_FAILED}, also where something does not stop within seconds; then the store
     *     stays open
     */
    @Override
    public void close() {
        parts.gate().close(parts.surroundings().patience());
        parts.open().close();
    }
}
