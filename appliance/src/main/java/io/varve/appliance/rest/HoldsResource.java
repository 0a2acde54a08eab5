package io.varve.appliance.rest;

import io.varve.volume.Volume;
import jakarta.inject.Inject;
import jakarta.ws.rs.DELETE;
import jakarta.ws.rs.PUT;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;

import java.io.InputStream;

/** Holds: leases that protect a snapshot from deletion. */
@Path("/api/v1/stores/{store}/volumes/{volume}/snapshots/{label}/holds/{owner}")
public class HoldsResource {
    private final Targets targets;

    @Inject
    public HoldsResource(Targets targets) {
        this.targets = targets;
    }

    @PUT
    public SnapshotView hold(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @PathParam("owner") String owner,
            InputStream content) {
        Body body = Body.read(content, "reason", "expires");
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(
                target,
                target.hold(
                        target.label(label), owner, body.optionalText("reason").orElse(""), body.time("expires")));
    }

    @DELETE
    public SnapshotView release(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @PathParam("owner") String owner) {
        Volume target = targets.volume(store, volume);
        return SnapshotView.of(target, target.unhold(target.label(label), owner));
    }
}
