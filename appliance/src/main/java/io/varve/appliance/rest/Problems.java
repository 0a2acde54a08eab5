package io.varve.appliance.rest;

import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;

import java.util.Map;

/** Every failure leaves as a problem document; what is inside the appliance stays inside. */
public class Problems {
    private static final Logger LOG = Logger.getLogger(Problems.class);

    @ServerExceptionMapper
    public Response storage(StorageException failure, UriInfo uri) {
        return Problem.of(failure, uri.getPath());
    }

    /** What the framework refuses before it reaches us: unknown paths, methods, media types. */
    @ServerExceptionMapper
    public Response web(WebApplicationException failure, UriInfo uri) {
        int status = failure.getResponse().getStatus();
        ErrorCode code =
                switch (status) {
                    case 401 -> ErrorCode.UNAUTHENTICATED;
                    case 404 -> ErrorCode.NOT_FOUND;
                    default -> status < 500 ? ErrorCode.REQUEST_INVALID : ErrorCode.IO_FAILED;
                };
        String detail = status == 404
                ? "there is nothing at this path"
                : failure.getResponse().getStatusInfo().getReasonPhrase();
        return Problem.of(code, status, detail, uri.getPath(), Map.of());
    }

    @ServerExceptionMapper
    public Response bug(RuntimeException failure, UriInfo uri) {
        LOG.error("unexpected failure at " + uri.getPath(), failure);
        return Problem.of(ErrorCode.IO_FAILED, 500, "internal error; the log has it", uri.getPath(), Map.of());
    }
}
