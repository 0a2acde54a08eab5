package io.varve.appliance.rest;

import io.varve.access.AuditEntry;
import io.varve.access.AuditLog;
import io.varve.access.Role;
import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.QueryParam;

import java.util.Optional;

/** Who did what, newest first. */
@Path("/api/v1/audit")
@Needs(Role.ADMIN)
public class AuditResource {
    private final AuditLog log;

    @Inject
    public AuditResource(AuditLog log) {
        this.log = log;
    }

    @GET
    public Page<AuditEntry> list(
            @QueryParam("limit") Optional<String> limit, @QueryParam("page") Optional<String> page) {
        return Page.of(log.all(), limit, page, entry -> entry);
    }
}
