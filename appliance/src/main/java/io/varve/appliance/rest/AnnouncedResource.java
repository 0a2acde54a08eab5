package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.spi.ErrorCode;
import io.varve.spi.StorageException;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/** What the contract announces and this release does not have; whoever asks is told so. */
@Needs(Role.ADMIN)
@Path("/api/v1/{feature: doctor}{below: (/.*)?}")
public class AnnouncedResource {
    @GET
    public void get(@PathParam("feature") String feature) {
        throw absent(feature);
    }

    @POST
    public void post(@PathParam("feature") String feature) {
        throw absent(feature);
    }

    @PUT
    public void put(@PathParam("feature") String feature) {
        throw absent(feature);
    }

    @DELETE
    public void delete(@PathParam("feature") String feature) {
        throw absent(feature);
    }

    private static StorageException absent(String feature) {
        return new StorageException(
                ErrorCode.NOT_SUPPORTED,
                "the " + feature + " is not in this release; opening a store (a restart) settles what a crash left");
    }
}
