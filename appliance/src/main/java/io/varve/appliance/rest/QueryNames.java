package io.varve.appliance.rest;

import io.quarkus.runtime.annotations.RegisterForReflection;
import io.vertx.core.http.HttpServerRequest;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.container.ResourceInfo;
import org.jboss.resteasy.reactive.server.ServerRequestFilter;

import java.lang.reflect.Method;
import java.lang.reflect.Parameter;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Refuses query parameters that a call does not have, that have no value, and those given twice that it takes once: a
 * preview that is misspelt must not become the real thing.
 */
@RegisterForReflection(
        targets = {
            AnnouncedResource.class,
            ArchivesResource.class,
            AuditResource.class,
            ContentResource.class,
            DiffResource.class,
            DriversResource.class,
            EventsResource.class,
            ExportsResource.class,
            FilesResource.class,
            HoldsResource.class,
            ImportsResource.class,
            IostatResource.class,
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
            TokensResource.class,
            VerifyResource.class,
            VolumesResource.class
        })
public class QueryNames {
    /** What a parameter takes. */
    enum Takes {
        ONE_TEXT,
        MANY_TEXTS,
        /** Anything, also nothing. */
        BYTES
    }

    private final Map<Method, Map<String, Takes>> known = new ConcurrentHashMap<>();

    @ServerRequestFilter
    public void check(ResourceInfo resource, HttpServerRequest request) {
        String query = Optional.ofNullable(request.query()).orElse("");
        if (!query.isEmpty()) {
            check(query, known.computeIfAbsent(resource.getResourceMethod(), QueryNames::parameters));
        }
    }

    /** The query parameters a method declares. */
    static Map<String, Takes> parameters(Method method) {
        Map<String, Takes> parameters = new TreeMap<>();
        for (Parameter parameter : method.getParameters()) {
            QueryParam declared = parameter.getAnnotation(QueryParam.class);
            if (declared != null) {
                boolean many = List.class.isAssignableFrom(parameter.getType());
                parameters.put(declared.value(), many ? Takes.MANY_TEXTS : Takes.ONE_TEXT);
            }
        }
        RawQueryParam raw = method.getAnnotation(RawQueryParam.class);
        if (raw != null) {
            parameters.put(raw.value(), Takes.BYTES);
        }
        return parameters;
    }

    /** Names count as they are written: ours need no encoding. @throws StorageException {@code REQUEST_INVALID} */
    static void check(String query, Map<String, Takes> parameters) {
        Set<String> seen = new HashSet<>();
        for (String pair : query.split("&", -1)) {
            if (!pair.isEmpty()) {
                check(pair, parameters, seen);
            }
        }
    }

    private static void check(String pair, Map<String, Takes> parameters, Set<String> seen) {
        String name = pair.split("=", 2)[0];
        Takes takes = parameters.get(name);
        if (takes == null) {
            String known = parameters.isEmpty()
                    ? "this call has none"
                    : "known are " + String.join(", ", new TreeSet<>(parameters.keySet()));
            throw Body.invalid("unknown query parameter '" + name + "'; " + known);
        }
        // The framework takes an empty one for an absent one.
        if (takes != Takes.BYTES && (pair.equals(name) || pair.equals(name + "="))) {
            throw Body.invalid("query parameter '" + name + "' has no value");
        }
        if (!seen.add(name) && takes != Takes.MANY_TEXTS) {
            throw Body.invalid("query parameter '" + name + "' is given more than once");
        }
    }
}
