package io.varve.driver.devicemapper;

import io.varve.driver.devicemapper.DeviceBook.Entry;
import io.varve.driver.devicemapper.PoolContents.Figures;
import io.varve.driver.devicemapper.ThinPools.Fill;
import io.varve.linux.FilesystemSpace;
import io.varve.linux.Kernel;
import io.varve.spi.DriverStatus;
import io.varve.spi.DriverStatus.Space;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.ThinPool;
import io.varve.spi.Usage;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads how full a store's pool is and what its volumes take, from the kernel; opens and mounts nothing. */
final class PoolStatus {
    /** What the figures of devices are counted in, whatever the pool's own block is. */
    private static final long BLOCK = 64 << 10;

    private static final String AGAIN = "; see to what is below, then release the volume and use it again";

    private final ThinStore store;
    private final List<String> errors = new ArrayList<>();
    private Optional<Figures> figures = Optional.empty();

    PoolStatus(ThinStore store) {
        this.store = store;
    }

    DriverStatus read() throws IOException {
        Fill fill = store.pool().fill();
        long block = store.record().blockSize();
        Space data = space(fill.dataTotal() * block, fill.dataUsed() * block, fileSpace());
        Space metadata = space(
                fill.metadataTotal() * Fill.METADATA_BLOCK, fill.metadataUsed() * Fill.METADATA_BLOCK, Long.MAX_VALUE);
        if (!fill.writable()) {
            errors.add(
                    store.pool().isReadOnly()
                            ? "the pool was made read-only; nothing is changed until it is made writable"
                            : "the pool is in mode " + fill.mode() + (fill.needsCheck() ? " and needs a check" : "")
                                    + "; remove snapshots or volumes or make it larger where it is full, else repair it with thin_repair");
        }
        if (fill.writable()) {
            store.shortage(fill, 0)
                    .ifPresent(why -> errors.add(
                            why + "; nothing new is made; remove snapshots or volumes, or make the pool larger"));
        }
        figures = figures();
        if (store.strangers() > 0) {
            errors.add("the pool has " + store.strangers()
                    + " devices that this store knows nothing of; they are left alone");
        }
        store.all().forEach(this::tellLost);
        List<ThinPool.Tenant> tenants = tenants(data.available() / BLOCK);
        List<Usage> usage = new ArrayList<>(usage(data, metadata));
        tenants.forEach(tenant -> usage.addAll(usage(tenant)));
        ThinPool thinPool = new ThinPool(
                store.storePool().onFiles() ? "loop-lvm" : "direct-lvm",
                store.layout().root().toString(),
                store.pool().poolName(),
                data,
                metadata,
                tenants);
        return new DriverStatus(data, facts(fill), usage, Optional.of(thinPool), errors);
    }

    private void tellLost(VolumeDevices devices) {
        for (SnapshotLabel label : devices.lost()) {
            errors.add("snapshot '" + label.fullName(devices.name())
                    + "' is lost: the pool has its device no more; remove the snapshot");
        }
    }

    private Map<String, String> facts(Fill fill) {
        Map<String, String> facts = new LinkedHashMap<>();
        facts.put("PoolName", store.pool().poolName());
        facts.put("PoolMode", fill.mode());
        facts.put("PoolBlockSize", Long.toString(store.record().blockSize()));
        facts.put("Filesystem", store.record().filesystem().type());
        figures.ifPresent(found -> facts.put("SnapshotFiguresAge", found.age().toSeconds() + " s"));
        return facts;
    }

    private Optional<Figures> figures() {
        try {
            return store.contents().figuresSoon(store.all());
        } catch (IOException failure) {
            errors.add("it cannot be told what snapshots take: " + failure.getMessage());
            return Optional.empty();
        }
    }

    private long snapshotBlocks(VolumeDevices devices) {
        return figures.map(found -> found.snapshotBytes().getOrDefault(devices.name(), 0L))
                        .orElse(0L)
                / BLOCK;
    }

    /** A pool on files cannot grow beyond the room of the filesystem they are on. */
    private long fileSpace() throws IOException {
        return store.storePool().onFiles()
                ? Kernel.space(store.layout().driverPrivate()).available()
                : Long.MAX_VALUE;
    }

    private static Space space(long total, long used, long atMost) {
        return new Space(total, used, Math.min(total - used, atMost));
    }

    private List<ThinPool.Tenant> tenants(long poolAvailable) {
        List<ThinPool.Tenant> tenants = new ArrayList<>();
        for (VolumeDevices devices : store.all()) {
            devices.head().ifPresent(head -> tenants.add(tenant(devices, head, poolAvailable)));
        }
        return tenants;
    }

    private ThinPool.Tenant tenant(VolumeDevices devices, Entry head, long poolAvailable) {
        List<String> unknown = new ArrayList<>();
        Path path = store.layout().volume(devices.name());
        long total = head.bytes() / BLOCK;
        long allocated = 0;
        Space filesystem = new Space(0, 0, 0);
        try {
            if (store.mounts().isMounted(head, path)) {
                Kernel.stat(path);
                FilesystemSpace space = Kernel.space(path);
                if (space.readOnly()) {
                    unknown.add("volume '" + devices.name() + "' takes no writes after an error below it" + AGAIN);
                }
                filesystem = new Space(space.total(), space.total() - space.free(), space.available());
                allocated = store.pool().mapped(head.id()) / BLOCK;
            } else {
                unknown.add(
                        "volume '" + devices.name() + "' is released: what it takes is known when it is used again");
            }
        } catch (IOException failure) {
            unknown.add("volume '" + devices.name() + "': " + failure.getMessage() + AGAIN);
        }
        return new ThinPool.Tenant(
                devices.name().tenant(),
                path.toString(),
                poolAvailable,
                "/dev/mapper/" + store.pool().name(head.id()),
                total,
                allocated,
                total - allocated,
                filesystem,
                devices.labels().size(),
                snapshotBlocks(devices),
                unknown);
    }

    private static List<Usage> usage(Space data, Space metadata) {
        return List.of(
                Usage.bytes("storage.available", "Data", "Available", data.available()),
                Usage.bytes("storage.used", "Data", "Used", data.used()),
                Usage.bytes("storage.total", "Data", "Total", data.total()),
                Usage.bytes("storage.pool.data.available", "Pool Data", "Available", data.available()),
                Usage.bytes("storage.pool.data.used", "Pool Data", "Used", data.used()),
                Usage.bytes("storage.pool.data.total", "Pool Data", "Total", data.total()),
                Usage.bytes("storage.pool.metadata.available", "Pool Metadata", "Available", metadata.available()),
                Usage.bytes("storage.pool.metadata.used", "Pool Metadata", "Used", metadata.used()),
                Usage.bytes("storage.pool.metadata.total", "Pool Metadata", "Total", metadata.total()));
    }

    private static List<Usage> usage(ThinPool.Tenant tenant) {
        String id = tenant.tenantId();
        return List.of(
                Usage.bytes(
                        "storage.filesystem.total." + id,
                        id + " Filesystem",
                        "Total",
                        tenant.filesystem().total()),
                Usage.bytes(
                        "storage.filesystem.available." + id,
                        id + " Filesystem",
                        "Available",
                        tenant.filesystem().available()),
                Usage.bytes(
                        "storage.filesystem.used." + id,
                        id + " Filesystem",
                        "Used",
                        tenant.filesystem().used()),
                Usage.bytes("storage.device.total." + id, id + " Device", "Total Blocks", tenant.deviceTotalBlocks()),
                Usage.bytes("storage.snapshot.count." + id, id + " Snapshots", "Count", tenant.numberSnapshots()));
    }
}
