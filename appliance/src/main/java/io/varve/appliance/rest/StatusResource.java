package io.varve.appliance.rest;

import jakarta.inject.Inject;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

/** What a store knows of its space. */
@Path("/api/v1/stores/{store}/status")
public class StatusResource {
    private final Targets targets;

    @Inject
    public StatusResource(Targets targets) {
        this.targets = targets;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public StatusView show(@PathParam("store") String store) {
        return StatusView.of(targets.store(store));
    }

    @GET
    @Produces(Encoding.PLAIN_TEXT)
    public Response text(@PathParam("store") String store) {
        return Encoding.text(targets.store(store).statusReport().text());
    }
}
