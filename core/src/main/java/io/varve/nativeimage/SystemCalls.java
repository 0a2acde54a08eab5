package io.varve.nativeimage;

import io.varve.linux.OpenFlag;
import org.graalvm.nativeimage.hosted.Feature;
import org.graalvm.nativeimage.hosted.RuntimeClassInitialization;
import org.graalvm.nativeimage.hosted.RuntimeJNIAccess;
import org.graalvm.nativeimage.hosted.RuntimeProxyCreation;
import org.graalvm.nativeimage.hosted.RuntimeReflection;
import org.graalvm.nativeimage.hosted.RuntimeResourceAccess;
import org.graalvm.nativeimage.hosted.RuntimeSystemProperties;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;

/**
 * Makes jnr-ffi bind the C library in the image: as a dynamic proxy, since an image cannot define the classes that
 * jnr-ffi generates on a JVM.
 */
final class SystemCalls {
    private static final String ARCHITECTURE = jnrArchitecture(System.getProperty("os.arch"));
    private static final String STUB = "jni/" + ARCHITECTURE + "-Linux/libjffi-1.2.so";

    /** Hold in their statics what is true of one process alone: addresses, and the processor it runs on. */
    private static final String[] OF_ONE_PROCESS = {
        "io.varve.linux.Kernel", "io.varve.linux.Syscall", "jnr.ffi", "jnr.posix", "com.kenai.jffi"
    };

    /** What jnr-ffi and jffi look up by name. */
    private static final List<String> BY_NAME = List.of(
            "com.kenai.jffi.internal.StubLoader",
            "com.kenai.jffi.Version",
            "jnr.ffi.Platform$Linux",
            "jnr.ffi.provider.jffi.Provider",
            "jnr.ffi.provider.jffi.platform." + ARCHITECTURE + ".linux.TypeAliases",
            "java.lang.ref.Cleaner",
            "sun.misc.Unsafe");

    /** What libjffi throws. */
    private static final List<Class<? extends Throwable>> THROWN = List.of(
            IllegalArgumentException.class,
            IndexOutOfBoundsException.class,
            NullPointerException.class,
            OutOfMemoryError.class,
            RuntimeException.class,
            UnsatisfiedLinkError.class);

    private final Feature.FeatureAccess access;

    SystemCalls(Feature.FeatureAccess access) {
        this.access = access;
    }

    private static String jnrArchitecture(String ofJava) {
        return ofJava.equals("amd64") ? "x86_64" : ofJava;
    }

    /**
     * Constants are the exception: jnr-constants finds a platform's values through its class files, which an image does
     * not hold, and would answer made-up ones instead.
     */
    static void initializeAtRunTime() {
        RuntimeClassInitialization.initializeAtRunTime(OF_ONE_PROCESS);
        RuntimeClassInitialization.initializeAtBuildTime("jnr.constants");
        RuntimeClassInitialization.initializeAtBuildTime(OpenFlag.class);
    }

    void register(List<Class<?>> classes) {
        RuntimeSystemProperties.register("jnr.ffi.asm.enabled", "false");
        classes.stream().filter(SystemCalls::isBinding).forEach(this::bind);
        BY_NAME.forEach(name -> reflect(require(name)));
        THROWN.forEach(SystemCalls::reachFromNative);
        RuntimeResourceAccess.addResource(require("com.kenai.jffi.Foreign").getModule(), STUB);
    }

    /** An interface for jnr-ffi is known by its annotations. */
    static boolean isBinding(Class<?> candidate) {
        return candidate.isInterface()
                && Arrays.stream(candidate.getMethods())
                        .flatMap(SystemCalls::annotations)
                        .anyMatch(each -> each.annotationType().getName().startsWith("jnr.ffi."));
    }

    private static Stream<Annotation> annotations(Method method) {
        return Stream.concat(
                Arrays.stream(method.getAnnotations()),
                Arrays.stream(method.getParameterAnnotations()).flatMap(Arrays::stream));
    }

    private void bind(Class<?> binding) {
        RuntimeProxyCreation.register(binding, require("jnr.ffi.provider.LoadedLibrary"));
        RuntimeReflection.register(binding);
        RuntimeReflection.register(binding.getMethods());
    }

    private static void reflect(Class<?> found) {
        RuntimeReflection.register(found);
        RuntimeReflection.register(found.getDeclaredConstructors());
        RuntimeReflection.register(found.getDeclaredMethods());
        RuntimeReflection.register(found.getDeclaredFields());
    }

    private static void reachFromNative(Class<? extends Throwable> thrown) {
        RuntimeJNIAccess.register(thrown);
        RuntimeJNIAccess.register(thrown.getDeclaredConstructors());
    }

    private Class<?> require(String name) {
        Class<?> found = access.findClassByName(name);
        return Objects.requireNonNull(found, () -> name + " is not in this version of jnr: see " + getClass());
    }
}
