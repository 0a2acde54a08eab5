package io.varve.appliance.jmx;

import io.varve.spi.VolumeName;
import io.varve.volume.StoreName;

import java.util.regex.Pattern;
import javax.management.MalformedObjectNameException;
import javax.management.ObjectName;

/** Object names in the domain {@code io.varve}; a name that the syntax does not bear as it is, is quoted. */
final class Address {
    private static final Pattern SPECIAL = Pattern.compile("[,=:\"*?\\n]");

    private Address() {}

    static ObjectName appliance() {
        return of("type=Appliance");
    }

    static ObjectName store(StoreName store) {
        return of("type=Store,name=" + value(store.value()));
    }

    static ObjectName volume(StoreName store, VolumeName volume) {
        return of("type=Volume,store=" + value(store.value()) + ",name=" + value(volume.value()));
    }

    static ObjectName policy(String policy) {
        return of("type=Policy,name=" + value(policy));
    }

    static ObjectName device(String device) {
        return of("type=IOStat,device=" + value(device));
    }

    private static String value(String name) {
        return SPECIAL.matcher(name).find() ? ObjectName.quote(name) : name;
    }

    private static ObjectName of(String properties) {
        try {
            return new ObjectName("io.varve:" + properties);
        } catch (MalformedObjectNameException impossible) {
            throw new IllegalArgumentException(properties, impossible);
        }
    }
}
