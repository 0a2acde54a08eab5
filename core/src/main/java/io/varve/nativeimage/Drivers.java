package io.varve.nativeimage;

import io.varve.spi.DriverProvider;
import org.graalvm.nativeimage.hosted.RuntimeReflection;
import org.graalvm.nativeimage.hosted.RuntimeResourceAccess;

import java.util.List;
import java.util.ServiceLoader;

/** Lets ServiceLoader find in the image every driver that it finds on the class path. */
final class Drivers {
    private static final String SERVICE = "META-INF/services/" + DriverProvider.class.getName();

    private Drivers() {}

    static void register(ClassLoader loader) {
        List<? extends Class<? extends DriverProvider>> providers =
                ServiceLoader.load(DriverProvider.class, loader).stream()
                        .map(ServiceLoader.Provider::type)
                        .toList();
        if (providers.isEmpty()) {
            throw new IllegalStateException("no driver is on the class path of the image");
        }
        for (Class<?> provider : providers) {
            RuntimeReflection.register(provider); // by name: reflective instantiation alone does not let it be found
            RuntimeReflection.registerForReflectiveInstantiation(provider);
        }
        RuntimeResourceAccess.addResource(DriverProvider.class.getModule(), SERVICE);
    }
}
