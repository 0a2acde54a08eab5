package io.varve.nativeimage;

import org.graalvm.nativeimage.hosted.RuntimeReflection;
import org.graalvm.nativeimage.hosted.RuntimeSerialization;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.lang.reflect.Modifier;
import java.net.URI;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;
import javax.security.auth.spi.LoginModule;

/**
 * Lets a remote JMX client in by its password, and lets what went wrong reach it: the JDK finds the module that looks at
 * passwords by name, among all it has, and failures travel serialized.
 */
final class RemoteManagement {
    /** Found by its name alone (com.sun.jmx.remote.security.JMXPluggableAuthenticator). */
    private static final String PASSWORD_FILE = "com.sun.jmx.remote.security.FileLoginModule";

    /** The packages whose failures may reach a client. */
    private static final List<String> FAILURES = List.of(
            "java.base/java/lang",
            "java.base/java/io",
            "java.base/java/net",
            "java.base/java/security",
            "java.base/java/util",
            "java.base/javax/security/auth/login",
            "java.rmi/java/rmi");

    /** Where all that an MBean answers and is described by comes from. */
    private static final String MANAGEMENT = "java.management/javax/management";

    private RemoteManagement() {}

    static void register(ClassLoader loader) {
        ServiceLoader.load(LoginModule.class, loader).stream()
                .map(ServiceLoader.Provider::type)
                .forEach(RemoteManagement::instantiate);
        instantiate(named(PASSWORD_FILE, loader));
        FAILURES.forEach(each -> serialize(each, Throwable.class, loader));
        serialize(MANAGEMENT, Serializable.class, loader);
        RuntimeSerialization.register(
                StackTraceElement.class,
                StackTraceElement[].class,
                Collections.emptyList().getClass());
    }

    private static void instantiate(Class<?> found) {
        RuntimeReflection.register(found);
        RuntimeReflection.registerForReflectiveInstantiation(found);
    }

    private static void serialize(String directory, Class<?> kind, ClassLoader loader) {
        Path modules = FileSystems.getFileSystem(URI.create("jrt:/")).getPath("modules");
        Path module = modules.resolve(directory.substring(0, directory.indexOf('/')));
        try (Stream<Path> files = Files.walk(modules.resolve(directory))) {
            files.map(file -> module.relativize(file).toString())
                    .filter(name -> name.endsWith(".class"))
                    .map(name -> named(name.replace(".class", "").replace('/', '.'), loader))
                    .filter(found -> kind.isAssignableFrom(found) && Modifier.isPublic(found.getModifiers()))
                    .forEach(RemoteManagement::serialize);
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look into the JDK's " + directory, failure);
        }
    }

    private static void serialize(Class<?> found) {
        RuntimeSerialization.register(found, found.arrayType());
    }

    private static Class<?> named(String name, ClassLoader loader) {
        try {
            return Class.forName(name, false, loader);
        } catch (ClassNotFoundException absent) {
            throw new IllegalStateException("this JDK has no " + name, absent);
        }
    }
}
