package io.varve.nativeimage;

import io.varve.spi.DriverProvider;
import org.graalvm.nativeimage.hosted.Feature;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Every class of Varve, and of a jar with a driver in it, on the class path of the image. */
final class OwnClasses {
    private static final String OURS = "io/varve/";
    private static final String SERVICE = "META-INF/services/" + DriverProvider.class.getName();
    private static final String SUFFIX = ".class";

    private final Feature.FeatureAccess access;

    OwnClasses(Feature.FeatureAccess access) {
        this.access = access;
    }

    List<Class<?>> all() {
        List<Class<?>> classes = new ArrayList<>();
        for (Path entry : access.getApplicationClassPath()) {
            for (String name : names(entry)) {
                classes.add(loaded(name, entry));
            }
        }
        return classes;
    }

    private Class<?> loaded(String name, Path entry) {
        Class<?> found = access.findClassByName(name);
        if (found == null) {
            throw new IllegalStateException(
                    name + " of " + entry + " cannot be loaded: what it needs is not in the jar and not of Varve");
        }
        return found;
    }

    private static List<String> names(Path entry) {
        try {
            if (Files.isDirectory(entry)) {
                return namesBelow(entry);
            }
            try (FileSystem jar = FileSystems.newFileSystem(entry)) {
                return namesBelow(jar.getPath("/"));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException("cannot look for classes in " + entry, failure);
        }
    }

    private static List<String> namesBelow(Path root) throws IOException {
        Path start = Files.exists(root.resolve(SERVICE)) ? root : root.resolve(OURS);
        if (!Files.isDirectory(start)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(start)) {
            return files.map(file -> root.relativize(file).toString())
                    .filter(name -> name.endsWith(SUFFIX) && !name.contains("-info"))
                    .map(name ->
                            name.substring(0, name.length() - SUFFIX.length()).replace('/', '.'))
                    .toList();
        }
    }
}
