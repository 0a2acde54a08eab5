package io.varve.appliance.jmx;

import io.varve.policy.PolicyBook;
import io.varve.policy.PolicyRunner;
import io.varve.policy.RunBook;
import io.varve.registry.DriverRegistry;
import io.varve.retention.Policy;
import io.varve.share.Exports;
import io.varve.spi.VolumeName;
import io.varve.status.DiskWatch;
import io.varve.volume.Store;
import io.varve.volume.StoreEntry;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.util.HashMap;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.ObjectName;

/** What there is to manage, by its address. */
@Singleton
public class Inventory {
    private final Stores stores;
    private final Exports exports;
    private final DriverRegistry drivers;
    private final PolicyBook policies;
    private final PolicyRunner runner;
    private final RunBook runs;
    private final DiskWatch disks;

    @Inject
    public Inventory(
            Stores stores,
            Exports exports,
            DriverRegistry drivers,
            PolicyBook policies,
            PolicyRunner runner,
            RunBook runs,
            DiskWatch disks) {
        this.stores = stores;
        this.exports = exports;
        this.drivers = drivers;
        this.policies = policies;
        this.runner = runner;
        this.runs = runs;
        this.disks = disks;
    }

    /** Whom to tell when stores or policies change; volumes are told of by events. */
    void onChange(Runnable listener) {
        stores.onChange(listener);
        policies.onChange(listener);
    }

    Map<ObjectName, Supplier<Bean<?>>> all() {
        Map<ObjectName, Supplier<Bean<?>>> all = new HashMap<>();
        all.put(Address.appliance(), () -> new Bean<>(new ApplianceBean(stores, drivers), ApplianceMXBean.class));
        stores.entries().stream()
                .map(StoreEntry::definition)
                .forEach(store -> all.put(Address.store(store.name()), () -> store(store.name())));
        stores.open().stream()
                .flatMap(store -> store.volumes().stream())
                .forEach(volume -> all.put(
                        Address.volume(volume.store(), volume.name()), () -> volume(volume.store(), volume.name())));
        policies.all().stream()
                .map(Policy::name)
                .forEach(policy -> all.put(Address.policy(policy), () -> policy(policy)));
        disks.report().stream()
                .flatMap(report -> report.devices().keySet().stream())
                .forEach(device -> all.put(
                        Address.device(device), () -> new Bean<>(new IOStatBean(disks, device), IOStatMXBean.class)));
        return all;
    }

    boolean has(StoreName store, VolumeName volume) {
        return stores.open().stream()
                .filter(open -> open.name().equals(store))
                .flatMap((Store open) -> open.find(volume).stream())
                .findAny()
                .isPresent();
    }

    private Bean<StoreMXBean> store(StoreName name) {
        return new Bean<>(new StoreBean(stores, exports, name), StoreMXBean.class);
    }

    Bean<VolumeMXBean> volume(StoreName store, VolumeName name) {
        return new Bean<>(new VolumeBean(stores, store, name), VolumeMXBean.class);
    }

    private Bean<PolicyMXBean> policy(String name) {
        return new Bean<>(new PolicyBean(policies, runner, runs, name), PolicyMXBean.class);
    }
}
