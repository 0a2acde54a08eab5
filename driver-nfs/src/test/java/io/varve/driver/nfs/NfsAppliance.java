package io.varve.driver.nfs;

import io.varve.registry.DriverEntry;
import io.varve.registry.DriverRegistry;
import io.varve.spi.DriverType;
import io.varve.spi.SnapshotLabel;
import io.varve.spi.VolumeName;
import io.varve.spi.VolumeSpec;
import io.varve.volume.Operations;
import io.varve.volume.SnapshotRequest;
import io.varve.volume.Store;
import io.varve.volume.StoreBook;
import io.varve.volume.StoreDefinition;
import io.varve.volume.StoreEntry;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
import io.varve.volume.Surroundings;
import io.varve.volume.Volume;

import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** The stores of an appliance on this host, and short ways to do what tests do to the one of NFS. */
final class NfsAppliance implements AutoCloseable {
    static final StoreName STORE = StoreName.of("remote");
    static final VolumeName SHOP = VolumeName.of("shop");

    /** How long somebody waits for a server that is silent. */
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final Stores stores;

    private NfsAppliance(Stores stores) {
        this.stores = stores;
    }

    /** @param state where it remembers its stores; those are opened again */
    static NfsAppliance start(Path state) {
        DriverRegistry drivers = new DriverRegistry();
        drivers.register(new NfsDriverProvider(), DriverEntry.Source.BUILT_IN);
        Clock clock = Clock.systemUTC();
        Operations operations = new Operations(clock, event -> {});
        Surroundings surroundings = new Surroundings(clock, operations, PATIENCE, Duration.ofHours(24));
        Stores stores = new Stores(drivers, surroundings, new StoreBook(state));
        stores.openAll(List.of(), damaged -> {
            throw new AssertionError(damaged);
        });
        return new NfsAppliance(stores);
    }

    /** The options for what the server shares; a dead one is noticed after seconds. */
    static Map<String, String> options(NfsServer.Share share, Map<String, String> more) {
        Map<String, String> options = new HashMap<>(Map.of(
                "nfs.server",
                NfsServer.address(),
                "nfs.path",
                share.path(),
                "nfs.options",
                "timeo=10,retrans=1,actimeo=1"));
        options.putAll(more);
        return options;
    }

    Store add(Path root, Map<String, String> options) {
        return stores.add(new StoreDefinition(STORE, Optional.of(DriverType.of("nfs")), root, options, false))
                .entry()
                .store();
    }

    Stores stores() {
        return stores;
    }

    Store store() {
        return stores.store(STORE);
    }

    StoreEntry.Condition condition() {
        return stores.entry(STORE).condition();
    }

    /** Makes the volume. */
    Volume make() {
        return store().createVolume(SHOP, VolumeSpec.unlimited());
    }

    Volume shop() {
        return store().volume(SHOP);
    }

    void snapshot(String label) {
        shop().snapshot(SnapshotRequest.labelled(label));
    }

    void rollback(String label) {
        shop().rollback(SnapshotLabel.of(label), true, Optional.empty(), Optional.empty());
    }

    @Override
    public void close() {
        stores.close();
    }
}
