package io.varve.appliance.rest;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A failure as RFC 9457 wants it, with our code and the names concerned. The one place that maps codes to statuses. */
final class Problem {
    private static final MediaType TYPE = new MediaType("application", "problem+json");

    private Problem() {}

    static Response of(StorageException failure, String instance) {
        return of(
                failure.code(),
                status(failure.code()),
                String.valueOf(failure.getMessage()),
                instance,
                failure.details());
    }

    static Response of(ErrorCode code, int status, String detail, String instance, Map<String, String> names) {
        Map<String, Object> problem = new LinkedHashMap<>();
        problem.put(
                "type",
                "urn:varve:problem:" + code.name().toLowerCase(Locale.ROOT).replace('_', '-'));
        problem.put("title", title(code));
        problem.put("status", status);
        problem.put("detail", detail);
        problem.put("code", code.name());
        problem.put("instance", instance);
        names.forEach(problem::putIfAbsent);
        return Response.status(status).type(TYPE).entity(problem).build();
    }

    private static String title(ErrorCode code) {
        String words = code.name().toLowerCase(Locale.ROOT).replace('_', ' ');
        return Character.toUpperCase(words.charAt(0)) + words.substring(1);
    }

    static int status(ErrorCode code) {
        return switch (code) {
            case NAME_INVALID, PATH_NOT_ABSOLUTE, REQUEST_INVALID -> 400;
            case UNAUTHENTICATED -> 401;
            case PERMISSION_DENIED -> 403;
            case TOO_MANY_REQUESTS -> 429;
            case VOLUME_NOT_FOUND,
                    SNAPSHOT_NOT_FOUND,
                    TAG_NOT_FOUND,
                    STORE_NOT_FOUND,
                    POLICY_NOT_FOUND,
                    METADATA_NOT_FOUND,
                    NOT_FOUND -> 404;
            case VOLUME_EXISTS,
                    SNAPSHOT_EXISTS,
                    TAG_EXISTS,
                    DRIVER_EXISTS,
                    STORE_EXISTS,
                    TOKEN_EXISTS,
                    SNAPSHOT_INVALID,
                    STORE_OTHER_DRIVER,
                    PATH_IS_STORE,
                    BAD_MOUNT,
                    NOT_A_DIRECTORY,
                    BUSY,
                    HELD,
                    PLAN_STALE,
                    BRAKE,
                    POLICY_CONFLICT,
                    NO_SHRINK,
                    CHAIN_BROKEN,
                    CANCELLED -> 409;
            case DRIVER_UNKNOWN, DRIVER_UNAVAILABLE, OPTION_INVALID, FILESYSTEM_UNSUITABLE, ARCHIVE_INVALID -> 422;
            case VOLUME_REMOVAL_FAILED, SNAPSHOT_REMOVAL_FAILED, SHUTDOWN_FAILED, COMMAND_FAILED, IO_FAILED -> 500;
            case NOT_SUPPORTED -> 501;
            case NO_SPACE -> 507;
        };
    }
}
