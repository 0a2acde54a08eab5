package io.varve.appliance.rest;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.varve.spi.StorageException;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Refuses query parameters that a call does not have, and those given twice that it takes once: a preview that is misspelt
 * must not become the real thing.
 */
@RegisterForReflection(
        targets = {
            ArchivesResource.class,
            ContentResource.class,
            DiffResource.class,
            DriversResource.class,
            EventsResource.class,
            FilesResource.class,
            HoldsResource.class,
            ImportsResource.class,
            MetadataResource.class,
            OperationsResource.class,
            OverviewResource.class,
            PoliciesResource.class,
            RetentionResource.class,
            SnapshotsResource.class,
            StatusResource.class,
            StoresResource.class,
            TaggingResource.class,
            TagsResource.class,
            VerifyResource.class,
            VolumesResource.class
        })
public class QueryNames {
    /** By method: its parameters, and whether each may be repeated. */
    private final Map<Method, Map<String, Boolean>> known = new ConcurrentHashMap<>();

    @ServerRequestFilter
    public void check(ResourceInfo resource, HttpServerRequest request) {
        String query = Optional.ofNullable(request.query()).orElse("");
        if (!query.isEmpty()) {
            check(query, known.computeIfAbsent(resource.getResourceMethod(), QueryNames::parameters));
        }
    }

    /** The query parameters a method declares. */
    static Map<String, Boolean> parameters(Method method) {
        Map<String, Boolean> parameters = new TreeMap<>();
        for (Parameter parameter : method.getParameters()) {
            QueryParam declared = parameter.getAnnotation(QueryParam.class);
            if (declared != null) {
                parameters.put(declared.value(), List.class.isAssignableFrom(parameter.getType()));
            }
        }
        RawQueryParam raw = method.getAnnotation(RawQueryParam.class);
        if (raw != null) {
            parameters.put(raw.value(), false);
        }
        return parameters;
    }

    /** Names count as they are written: ours need no encoding. @throws StorageException {@code REQUEST_INVALID} */
    static void check(String query, Map<String, Boolean> parameters) {
        Map<String, Boolean> seen = new TreeMap<>();
        for (String pair : query.split("&", -1)) {
            String name = pair.split("=", 2)[0];
            if (!pair.isEmpty() && !parameters.containsKey(name)) {
                throw unknown(name, parameters);
            }
            if (seen.put(name, true) != null && !parameters.getOrDefault(name, true)) {
                throw Body.invalid("query parameter '" + name + "' is given more than once");
            }
        }
    }

    private static StorageException unknown(String name, Map<String, Boolean> parameters) {
        String known =
                parameters.isEmpty() ? "this call has none" : "known are " + String.join(", ", parameters.keySet());
        return Body.invalid("unknown query parameter '" + name + "'; " + known);
    }
}
