package io.varve.appliance.rest;

import io.varve.spi.VolumeName;
import io.varve.volume.Snapshot;
import io.varve.volume.Store;
import jakarta.inject.Inject;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;

import java.io.InputStream;
import java.util.Optional;

/** An archive as a snapshot, streamed. */
@Path("/api/v1/stores/{store}/volumes/{volume}/archives/{label}")
public class ImportsResource {
    private final Targets targets;

    @Inject
    public ImportsResource(Targets targets) {
        this.targets = targets;
    }

    /** The body is left open: to close it would be to wait for the rest of what was refused. */
    @POST
    @Consumes(MediaType.WILDCARD)
    public Response take(
            @PathParam("store") String store,
            @PathParam("volume") String volume,
            @PathParam("label") String label,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) Optional<String> coding,
            InputStream content) {
        Store target = targets.store(store);
        VolumeName name = VolumeName.of(volume);
        Snapshot snapshot =
                target.importArchive(name, label, Compression.of(coding).decompress(content));
        return Response.status(Response.Status.CREATED)
                .entity(SnapshotView.of(target.volume(name), snapshot))
                .build();
    }
}
