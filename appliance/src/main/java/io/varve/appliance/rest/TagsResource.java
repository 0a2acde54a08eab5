package io.varve.appliance.rest;

import io.varve.catalog.Tag;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/** Tags: names that at most one snapshot of a volume carries. */
@Path("/api/v1/stores/{store}/volumes/{volume}")
public class TagsResource {
    private final Targets targets;

    @Inject
    public TagsResource(Targets targets) {
        this.targets = targets;
    }

    @GET
    @Path("/tags/{tag}")
    public SnapshotView find(
            @PathParam("store") String store, @PathParam("volume") String volume, @PathParam("tag") String tag) {
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(target, target.snapshotWith(Tag.of(tag)));
    }

    @PUT
    @Path("/snapshots/{label}/tags/{tag}")
    public SnapshotView tag(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @PathParam("tag") String tag) {
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(target, target.tag(target.label(label), Tag.of(tag)));
    }

    @DELETE
    @Path("/tags/{tag}")
    public SnapshotView untag(
            @PathParam("store") String store, @PathParam("volume") String volume, @PathParam("tag") String tag) {
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(target, target.untag(Tag.of(tag)));
    }
}
