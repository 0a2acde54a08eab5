package io.varve.appliance.rest;

import io.varve.catalog.Tag;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/** Tags of a volume: names that at most one of its snapshots carries. */
@Path("/api/v1/stores/{store}/volumes/{volume}/tags/{tag}")
public class TagsResource {
    private final Targets targets;

    @Inject
    public TagsResource(Targets targets) {
        this.targets = targets;
    }

    @GET
    public SnapshotView find(
            @PathParam("store") String store, @PathParam("volume") String volume, @PathParam("tag") String tag) {
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(target, target.snapshotWith(Tag.of(tag)));
    }

    @DELETE
    public SnapshotView untag(
            @PathParam("store") String store, @PathParam("volume") String volume, @PathParam("tag") String tag) {
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(target, target.untag(Tag.of(tag)));
    }
}
