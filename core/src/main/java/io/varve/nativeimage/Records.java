package io.varve.nativeimage;

import org.graalvm.nativeimage.hosted.RuntimeReflection;

import java.util.List;

/** Any record may leave the appliance as JSON, which is written by reflection. */
final class Records {
    private Records() {}

    static void register(List<Class<?>> classes) {
        classes.stream().filter(Class::isRecord).forEach(Records::register);
    }

    private static void register(Class<?> found) {
        RuntimeReflection.register(found);
        RuntimeReflection.registerAllRecordComponents(found);
        RuntimeReflection.register(found.getDeclaredFields());
        RuntimeReflection.register(found.getDeclaredMethods()); // registerAll... would let them be seen, not called
        RuntimeReflection.register(found.getDeclaredConstructors());
    }
}
