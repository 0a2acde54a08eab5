package io.varve.appliance.jmx;

import io.quarkus.runtime.Startup;
import io.varve.appliance.EventLog;
import io.varve.appliance.schedule.DiskLook;
import io.varve.registry.DriverRegistry;
import io.varve.spi.VolumeName;
import io.varve.status.DiskWatch;
import io.varve.volume.Event;
import io.varve.volume.Store;
import io.varve.volume.StoreEntry;
import io.varve.volume.StoreName;
import io.varve.volume.Stores;
import io.varve.volume.Subject;
import jakarta.annotation.PostConstruct;
import jakarta.annotation.PreDestroy;
import jakarta.enterprise.event.Observes;
import jakarta.inject.Inject;
import jakarta.inject.Singleton;

import java.lang.management.ManagementFactory;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Stream;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/** Keeps the management objects in step with what there is, whichever door it came through. */
@Startup
@Singleton
public class ManagedObjects {
    private final MBeanServer server = ManagementFactory.getPlatformMBeanServer();
    private final Map<ObjectName, ManagedObject> registered = new HashMap<>();
    private final Notices notices = new Notices();
    private final Stores stores;
    private final DriverRegistry drivers;
    private final PolicyObjects policies;
    private final DiskWatch disks;
    private final EventLog events;

    @Inject
    public ManagedObjects(
            Stores stores, DriverRegistry drivers, PolicyObjects policies, DiskWatch disks, EventLog events) {
        this.stores = stores;
        this.drivers = drivers;
        this.policies = policies;
        this.disks = disks;
        this.events = events;
    }

    @PostConstruct
    void begin() {
        events.onEvent(this::happened);
        stores.onChange(this::follow);
        policies.onChange(this::follow);
        follow();
    }

    @PreDestroy
    synchronized void end() {
        Set.copyOf(registered.keySet()).forEach(this::unregister);
    }

    void looked(@Observes DiskLook.Taken taken) {
        follow();
    }

    private synchronized void follow() {
        Map<ObjectName, Supplier<ManagedObject>> wanted = wanted();
        Set<ObjectName> gone = new HashSet<>(registered.keySet());
        gone.removeAll(wanted.keySet());
        gone.forEach(this::unregister);
        wanted.forEach(this::register);
    }

    private Map<ObjectName, Supplier<ManagedObject>> wanted() {
        Map<ObjectName, Supplier<ManagedObject>> wanted = new HashMap<>();
        wanted.put(
                Address.appliance(), () -> ManagedObject.of(new ApplianceBean(stores, drivers), ApplianceMXBean.class));
        for (StoreEntry entry : stores.entries()) {
            StoreName name = entry.definition().name();
            wanted.put(Address.store(name), () -> ManagedObject.of(new StoreBean(stores, name), StoreMXBean.class));
        }
        stores.open().stream()
                .flatMap(store -> store.volumes().stream())
                .forEach(volume -> wanted.put(
                        Address.volume(volume.store(), volume.name()), () -> object(volume.store(), volume.name())));
        disks.report().stream()
                .flatMap(report -> report.devices().keySet().stream())
                .forEach(device -> wanted.put(
                        Address.device(device),
                        () -> ManagedObject.of(new IOStatBean(disks, device), IOStatMXBean.class)));
        policies.names().forEach(name -> wanted.put(Address.policy(name), () -> policies.object(name)));
        return wanted;
    }

    private ManagedObject object(StoreName store, VolumeName volume) {
        return ManagedObject.of(new VolumeBean(stores, store, volume), VolumeMXBean.class);
    }

    /** A volume's object comes and goes before the one who made or removed it has his answer. */
    private synchronized void happened(Event event) {
        Subject subject = event.subject();
        subject.volume().ifPresent(volume -> follow(subject.store(), volume));
        addresses(subject).forEach(address -> Optional.ofNullable(registered.get(address))
                .ifPresent(object -> object.send(notices.of(event, address))));
    }

    private void follow(StoreName store, VolumeName volume) {
        boolean there = stores.open().stream()
                .filter(open -> open.name().equals(store))
                .flatMap((Store open) -> open.find(volume).stream())
                .findAny()
                .isPresent();
        ObjectName address = Address.volume(store, volume);
        if (there) {
            register(address, () -> object(store, volume));
        } else if (registered.containsKey(address)) {
            unregister(address);
        }
    }

    private static Stream<ObjectName> addresses(Subject subject) {
        return Stream.concat(
                Stream.of(Address.appliance(), Address.store(subject.store())),
                subject.volume().stream().map(volume -> Address.volume(subject.store(), volume)));
    }

    private void register(ObjectName address, Supplier<ManagedObject> object) {
        registered.computeIfAbsent(address, name -> {
            try {
                ManagedObject made = object.get();
                server.registerMBean(made, name);
                return made;
            } catch (JMException impossible) {
                throw new IllegalStateException("cannot register " + name, impossible);
            }
        });
    }

    private void unregister(ObjectName address) {
        try {
            registered.remove(address);
            server.unregisterMBean(address);
        } catch (JMException gone) {
            // Somebody with rights on this server took it away; that is what was wanted.
        }
    }
}
