package io.varve.appliance.rest;

import io.varve.access.Role;
import io.varve.catalog.MetadataName;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.MediaType;

import java.io.InputStream;
import java.util.List;
import java.util.Optional;

/** Named byte streams kept with a snapshot. */
@Needs(Role.OPERATOR)
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots/{label}/metadata")
public class MetadataResource {
    private final Targets targets;

    @Inject
    public MetadataResource(Targets targets) {
        this.targets = targets;
    }

    record MetadataView(String name, long size) {}

    @GET
    @Produces(MediaType.APPLICATION_JSON)
    public Page<MetadataView> list(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @QueryParam("limit") Optional<String> limit,
            @QueryParam("page") Optional<String> page) {
        Volume target = targets.volume(store, volume);
        List<MetadataView> streams = target.metadata(target.label(label)).entrySet().stream()
                .map(each -> new MetadataView(each.getKey(), each.getValue()))
                .toList();
        return Page.of(streams, limit, page, stream -> stream);
    }

    @PUT
    @Path("/{name: .+}")
    @Consumes(MediaType.WILDCARD)
    public void write(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @PathParam("name") String name,
            InputStream content) {
        Volume target = targets.volume(store, volume);
        target.writeMetadata(target.label(label), MetadataName.of(name), content);
    }

    @GET
    @Path("/{name: .+}")
    @Produces(MediaType.APPLICATION_OCTET_STREAM)
    public InputStream read(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @PathParam("name") String name) {
        Volume target = targets.volume(store, volume);
        return target.readMetadata(target.label(label), MetadataName.of(name));
    }
}
