package io.varve.appliance.rest;

import io.varve.catalog.Tag;
import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

/** Giving a snapshot a tag. */
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots/{label}/tags/{tag}")
public class TaggingResource {
    private final Targets targets;

    @Inject
    public TaggingResource(Targets targets) {
        this.targets = targets;
    }

    @PUT
    public SnapshotView tag(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @PathParam("tag") String tag) {
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(target, target.tag(target.label(label), Tag.of(tag)));
    }
}
