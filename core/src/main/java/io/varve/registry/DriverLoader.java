package io.varve.registry;

import io.varve.spi.DriverProvider;
import io.varve.spi.StorageException;

import java.io.IOException;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.ServiceConfigurationError;
import java.util.ServiceLoader;
import java.util.jar.JarFile;
import java.util.zip.ZipException;

/** Fills a registry: with the drivers on the class path, and with drop-in jars, each in a class loader of its own. */
public final class DriverLoader {
    private static final String NOT_IN_AN_IMAGE = "this build of Varve is a native binary, which cannot load a jar: "
            + "run the build for a Java VM instead, where this file is a driver, or build it in (dev/native --with)";

    private final DriverRegistry registry;
    private final boolean loadsClasses;

    /** @param loadsClasses whether this process can load classes at run time; a native image cannot */
    public DriverLoader(DriverRegistry registry, boolean loadsClasses) {
        this.registry = registry;
        this.loadsClasses = loadsClasses;
    }

    /** Asked each time: what a static says is decided while an image is built. */
    public static boolean processLoadsClasses() {
        return System.getProperty("org.graalvm.nativeimage.imagecode") == null;
    }

    /** Registers every provider that this class loader sees. */
    public void loadBuiltIn(ClassLoader loader) {
        load(loader, DriverEntry.Source.BUILT_IN, "built-in drivers");
    }

    /** Registers the providers of every jar in a directory; a jar that fails is remembered with the reason. */
    public void loadJars(Path directory) {
        for (Path jar : jars(directory)) {
            loadJar(jar);
        }
    }

    private List<Path> jars(Path directory) {
        List<Path> jars = new ArrayList<>();
        if (!Files.isDirectory(directory)) {
            return jars;
        }
        try (DirectoryStream<Path> found = Files.newDirectoryStream(directory, "*.jar")) {
            found.forEach(jars::add);
        } catch (IOException failure) {
            reject(directory.toString(), "the directory cannot be read: " + failure.getMessage());
        }
        jars.sort(null);
        return jars;
    }

    private void loadJar(Path jar) {
        String name = jar.getFileName().toString();
        try {
            requireJar(jar);
            if (!loadsClasses) {
                reject(name, NOT_IN_AN_IMAGE);
                return;
            }
            // Stays open as long as the appliance runs: its classes may load others at any time.
            int before = registry.entries().size();
            load(new JarLoader(jar), DriverEntry.Source.JAR, name);
            if (registry.entries().size() == before) {
                reject(name, "it names no driver in META-INF/services/" + DriverProvider.class.getName());
            }
        } catch (IOException | RuntimeException | LinkageError failure) {
            reject(name, reason(failure));
        }
    }

    /** A class loader passes over what is no jar without a word. */
    private static void requireJar(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            file.getManifest();
        } catch (ZipException broken) {
            throw new ZipException("it is not a jar file: " + broken.getMessage());
        }
    }

    private void load(ClassLoader loader, DriverEntry.Source source, String name) {
        Iterator<DriverProvider> providers =
                ServiceLoader.load(DriverProvider.class, loader).iterator();
        while (hasNext(providers, source, name)) {
            register(providers, source, name);
        }
    }

    private boolean hasNext(Iterator<DriverProvider> providers, DriverEntry.Source source, String name) {
        try {
            return providers.hasNext();
        } catch (ServiceConfigurationError failure) {
            registry.reject(new DriverEntry.Broken(name, source, reason(failure)));
            return false;
        }
    }

    private void register(Iterator<DriverProvider> providers, DriverEntry.Source source, String name) {
        try {
            registry.register(providers.next(), source);
        } catch (ServiceConfigurationError | StorageException | LinkageError failure) {
            registry.reject(new DriverEntry.Broken(name, source, reason(failure)));
        }
    }

    private void reject(String name, String reason) {
        registry.reject(new DriverEntry.Broken(name, DriverEntry.Source.JAR, reason));
    }

    private static String reason(Throwable failure) {
        Throwable cause = failure.getCause() == null ? failure : failure.getCause();
        return failure instanceof StorageException ? String.valueOf(failure.getMessage()) : cause.toString();
    }

    /** Sees its own jar and what {@link ContractLoader} lets through. */
    private static final class JarLoader extends URLClassLoader {
        JarLoader(Path jar) throws MalformedURLException {
            super(jar.getFileName().toString(), new URL[] {jar.toUri().toURL()}, new ContractLoader());
        }
    }

    /** Lets through the JDK, the driver contract and the kernel's door: a jar cannot clash with our libraries. */
    private static final class ContractLoader extends ClassLoader {
        private static final List<String> VISIBLE =
                List.of("io.varve.spi.", "io.varve.linux.", "org.jspecify.", "jnr.", "com.kenai.jffi.");

        ContractLoader() {
            super("varve-contract", ClassLoader.getPlatformClassLoader());
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            if (VISIBLE.stream().anyMatch(name::startsWith)) {
                return DriverProvider.class.getClassLoader().loadClass(name);
            }
            throw new ClassNotFoundException(name);
        }
    }
}
