package io.varve.appliance.rest;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.Path;

import java.lang.annotation.Annotation;
import java.lang.reflect.Method;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * A call of the API.
 *
 * @param path without {@code /api/v1}, with names of parameters alone in braces
 */
record Call(String verb, String path, Method method) {
    static List<Call> all() {
        return new ClassFileImporter()
                .withImportOption(new ImportOption.DoNotIncludeTests()).importPackages("io.varve.appliance").stream()
                        .filter(found -> found.isAnnotatedWith(Path.class))
                        .<Class<?>>map(JavaClass::reflect)
                        .filter(resource -> resource != AnnouncedResource.class)
                        .flatMap(resource -> Arrays.stream(resource.getDeclaredMethods()))
                        .flatMap(Call::of)
                        .collect(Collectors.toMap(Call::toString, call -> call, Call::richer, TreeMap::new))
                        .values()
                        .stream()
                        .toList();
    }

    /** Of several methods for one call, by what they answer with, the one that takes more. */
    private static Call richer(Call one, Call other) {
        return one.method.getParameterCount() >= other.method.getParameterCount() ? one : other;
    }

    private static Stream<Call> of(Method method) {
        return Arrays.stream(method.getAnnotations())
                .map(Annotation::annotationType)
                .flatMap(type -> Optional.ofNullable(type.getAnnotation(HttpMethod.class)).stream())
                .map(verb -> new Call(verb.value(), path(method), method));
    }

    private static String path(Method method) {
        String below = Optional.ofNullable(method.getAnnotation(Path.class))
                .map(Path::value)
                .orElse("");
        return method.getDeclaringClass().getAnnotation(Path.class).value().substring("/api/v1".length())
                + below.replaceAll(":[^}]*}", "}");
    }

    @Override
    public String toString() {
        return verb + " " + path;
    }
}
