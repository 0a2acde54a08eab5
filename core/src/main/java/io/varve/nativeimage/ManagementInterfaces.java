package io.varve.nativeimage;

import org.graalvm.nativeimage.hosted.RuntimeReflection;

import java.util.List;

/** JMX looks at the methods, parameters and annotations of MXBean interfaces by reflection. */
final class ManagementInterfaces {
    private ManagementInterfaces() {}

    static void register(List<Class<?>> classes) {
        classes.stream()
                .filter(found -> found.isInterface() && found.getSimpleName().endsWith("MXBean"))
                .forEach(ManagementInterfaces::register);
    }

    private static void register(Class<?> found) {
        RuntimeReflection.register(found);
        RuntimeReflection.registerAllMethods(found);
        RuntimeReflection.register(found.getMethods());
    }
}
