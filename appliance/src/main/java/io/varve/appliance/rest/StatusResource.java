package io.varve.appliance.rest;

import io.varve.policy.SpaceWatch;
import io.varve.status.DiskWatch;
import io.varve.volume.Store;
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
    private final SpaceWatch space;
    private final DiskWatch disks;

    @Inject
    public StatusResource(Targets targets, SpaceWatch space, DiskWatch disks) {
        this.targets = targets;
        this.space = space;
        this.disks = disks;
    }

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public StatusView show(@PathParam("store") String store) {
        Store found = targets.store(store);
        return StatusView.of(found, space.of(found), disks.report());
    }

    @GET
    @Produces(Encoding.PLAIN_TEXT)
    public Response text(@PathParam("store") String store) {
        return Encoding.text(targets.store(store).statusReport().text());
    }
}
