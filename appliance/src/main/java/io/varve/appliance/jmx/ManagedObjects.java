package io.varve.appliance.jmx;

import io.quarkus.runtime.Startup;
import io.varve.access.AuditLog;
import io.varve.appliance.EventLog;
import io.varve.appliance.schedule.DiskLook;
import io.varve.spi.VolumeName;
import io.varve.volume.Event;
import io.varve.volume.StoreName;
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
    private final Inventory inventory;
    private final EventLog events;
    private final AuditLog audit;

    @Inject
    public ManagedObjects(Inventory inventory, EventLog events, AuditLog audit) {
        this.inventory = inventory;
        this.events = events;
        this.audit = audit;
    }

    @PostConstruct
    void begin() {
        events.onEvent(this::happened);
        inventory.onChange(this::follow);
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
        Map<ObjectName, Supplier<Bean<?>>> wanted = inventory.all();
        Set<ObjectName> gone = new HashSet<>(registered.keySet());
        gone.removeAll(wanted.keySet());
        gone.forEach(this::unregister);
        wanted.forEach(this::register);
    }

    /** A volume's object comes and goes before the one who made or removed it has his answer. */
    private synchronized void happened(Event event) {
        Subject subject = event.subject();
        subject.volume().ifPresent(volume -> follow(subject.store(), volume));
        addresses(subject).forEach(address -> Optional.ofNullable(registered.get(address))
                .ifPresent(object -> object.send(notices.of(event, address))));
    }

    private void follow(StoreName store, VolumeName volume) {
        ObjectName address = Address.volume(store, volume);
        if (inventory.has(store, volume)) {
            register(address, () -> inventory.volume(store, volume));
        } else if (registered.containsKey(address)) {
            unregister(address);
        }
    }

    private static Stream<ObjectName> addresses(Subject subject) {
        return Stream.concat(
                Stream.of(Address.appliance(), Address.store(subject.store())),
                subject.volume().stream().map(volume -> Address.volume(subject.store(), volume)));
    }

    private void register(ObjectName address, Supplier<Bean<?>> bean) {
        registered.computeIfAbsent(address, name -> {
            try {
                ManagedObject made = ManagedObject.of(bean.get(), name, audit);
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
